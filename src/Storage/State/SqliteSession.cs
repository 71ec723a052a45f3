using Dapper;
using Microsoft.Data.Sqlite;

namespace Pipeline.Storage.State;

/// <summary>Statements on one connection. SQLite answers synchronously, so every task returned is already complete.</summary>
internal sealed class SqliteSession(SqliteConnection connection, TimeProvider time) : ITransaction
{
    public List<string> Channels { get; set; } = [];

    public long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    public ValueTask<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null) =>
        new(connection.Query<T>(sql, parameters).AsList());

    public ValueTask<T?> FirstAsync<T>(string sql, object? parameters = null) =>
        new(connection.QueryFirstOrDefault<T?>(sql, parameters));

    public ValueTask<int> ExecuteAsync(string sql, object? parameters = null) =>
        new(connection.Execute(sql, parameters));

    public void Notify(string channel) => Channels.Add(channel);
}
