using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>
/// Entry ids and sizes, a row for each scope: whoever writes to a scope holds its row already, so scopes never wait for each other here.
/// </summary>
internal static class PostgresNumbersTable
{
    public static readonly Table Schema = new("index_numbers", """
        create table index_numbers (
            scope_id bigint primary key, next_id bigint not null, entries bigint not null, terms bigint not null) with (fillfactor=50);
        """);

    // 6e10 ids a scope, and 2e8 scopes. Ids below are those that were handed out where all scopes shared one row.
    private const int IdBits = 36;

    /// <summary>The first of <paramref name="count"/> consecutive ids.</summary>
    public static async ValueTask<long> ReserveAsync(ITransaction tx, long scopeId, int count) => await tx.FirstAsync<long>(
        """
        insert into index_numbers(scope_id, next_id, entries, terms) values(@ScopeId, @First+@Count, 0, 0)
        on conflict(scope_id) do update set next_id=index_numbers.next_id+@Count returning next_id-@Count
        """, new { ScopeId = scopeId, Count = (long)count, First = (scopeId << IdBits) + 1 }).ConfigureAwait(false);
}
