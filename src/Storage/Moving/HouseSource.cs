using Dapper;
using Microsoft.Data.Sqlite;
using Pipeline.Storage.State;

namespace Pipeline.Storage.Moving;

/// <summary>The rows of a data folder that this process owns, in one snapshot, brought to the shape of this build first.</summary>
public sealed class HouseSource : IDisposable
{
    private readonly PreparingConnection _connection;

    private HouseSource(PreparingConnection connection, long nowMs) => (_connection, NowMs) = (connection, nowMs);

    /// <summary>The store's clock when it was opened: what leases here are to be measured by.</summary>
    public long NowMs { get; }

    internal SqliteConnection Driver => _connection;

    /// <summary>Opens the store as its next owner would, so that its leases have what was left of them, and then only reads.</summary>
    /// <param name="folder">Owned by the caller for as long as this is open.</param>
    /// <param name="tables">All tables of a store of this kind.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StorageFailedException">It cannot be read, or a newer build wrote it.</exception>
    public static async Task<HouseSource> OpenAsync(DataFolder folder, IReadOnlyList<Table> tables, TimeProvider time, CancellationToken cancellation)
    {
        long nowMs;
        var database = SqliteDatabase.Open(folder.DatabaseFile, time);
        await using (database.ConfigureAwait(false))
        {
            await database.MigrateAsync(tables, cancellation).ConfigureAwait(false);
            nowMs = await database.ReadAsync(query => ValueTask.FromResult(query.NowMs), cancellation).ConfigureAwait(false);
        }

        var connection = SqliteDatabase.ConnectReader(folder.DatabaseFile);
        connection.Run("begin");
        return new(connection, nowMs);
    }

    /// <summary>Reads the snapshot, on the thread that asks.</summary>
    internal IQuery Query() => new SqliteSession(_connection, NowMs);

    /// <summary>The tables that hold rows, without the engine's own.</summary>
    internal IReadOnlyList<string> Tables() =>
        [.. _connection.Query<string>("select name from sqlite_master where type='table' and name not like 'sqlite\\_%' escape '\\' order by name")];

    /// <summary>The columns of a table.</summary>
    internal IReadOnlyList<string> Columns(string table) => [.. _connection.Query<string>("select name from pragma_table_info(@table)", new { table })];

    /// <summary>The highest number that a growing key has ever had; 0 when it has had none.</summary>
    internal long Sequence(string table) => _connection.QueryFirstOrDefault<long>("select seq from sqlite_sequence where name=@table", new { table });

    public void Dispose() => _connection.Dispose();
}
