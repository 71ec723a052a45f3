using Pipeline.Storage.State;

namespace Pipeline.Storage.Tests;

/// <summary>The smallest table: one number a row.</summary>
internal static class Rows
{
    public static readonly Table Schema = new("rows", "create table rows (value bigint primary key, padding text)");

    public static ValueTask<int> AddAsync(ITransaction tx, long value, string? padding = null) =>
        tx.ExecuteAsync("insert into rows(value, padding) values(@value, @padding)", new { value, padding });

    public static Task<int> AddAsync(IDatabase database, long value, string? padding = null) =>
        database.TransactAsync(tx => AddAsync(tx, value, padding), CancellationToken.None);

    public static Task<IReadOnlyList<long>> AllAsync(IDatabase database) =>
        database.ReadAsync(query => query.QueryAsync<long>("select value from rows order by value"), CancellationToken.None);
}
