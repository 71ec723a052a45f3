using Dapper;
using Npgsql;

namespace Pipeline.Index;

/// <summary>
/// The graphs (HNSW, of half floats) over big scopes' current vectors, each a partial index of its own: no scope's entries stand in another's
/// graph, so none costs another recall or time. A scope below <see cref="FewEntries"/> has none: to look at all of it is as quick, and exact.
/// </summary>
/// <remarks>
/// A graph is built concurrently, beside reads and writes, by whichever node takes the advisory lock; until it is finished the scope is looked
/// through. Building needs about 1.8 kB of the server's memory an entry of 384 dimensions, at most <see cref="MostMegabytes"/>.
/// </remarks>
/// <param name="connectionString">Npgsql's; building takes a session of its own, outside transactions.</param>
public sealed class PostgresVectorGraphs(string connectionString)
{
    /// <summary>The least current entries for which a graph is built.</summary>
    public const long FewEntries = 10_000;

    private const int MostDimensions = 4_000; // of half floats in an HNSW index
    private const long MostMegabytes = 2_000;
    private const long BuildersLock = 0x7069706567726170;

    /// <summary>Builds the graphs that are wanted and drops those that are not; nothing while another node does.</summary>
    /// <returns>How many were built.</returns>
    public async Task<int> TendAsync(CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, KeepAlive = 5 }.ToString());
        await connection.OpenAsync(cancellation).ConfigureAwait(false);
        if (!await connection.ExecuteScalarAsync<bool>($"select pg_try_advisory_lock({BuildersLock})").ConfigureAwait(false))
        {
            return 0;
        }

        // The lock and the settings end with the session.
        return await TendAsync(connection, cancellation).ConfigureAwait(false);
    }

    private static async Task<int> TendAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var graphs = (await connection.QueryAsync<(string Name, bool Valid)>(PostgresGraphTable.Existing).ConfigureAwait(false)).ToDictionary(graph => graph.Name, graph => graph.Valid);

        // A scope that shrank a little keeps its graph: it was dear to build.
        var scopes = (await connection.QueryAsync<(long ScopeId, long Entries, long Dimensions, string Partition)>(
            PostgresGraphTable.Scopes, new { Least = FewEntries / 2, MostDimensions }).ConfigureAwait(false)).ToDictionary(scope => PostgresGraphTable.Name(scope.ScopeId, scope.Dimensions));
        foreach (var name in graphs.Where(graph => !graph.Value || !scopes.ContainsKey(graph.Key)).Select(graph => graph.Key))
        {
            await connection.ExecuteAsync(new CommandDefinition($"drop index concurrently if exists {name}", commandTimeout: 0, cancellationToken: cancellation)).ConfigureAwait(false);
            graphs.Remove(name);
        }

        var built = 0;
        foreach (var (name, scope) in scopes.Where(scope => scope.Value.Entries >= FewEntries && !graphs.ContainsKey(scope.Key)))
        {
            await BuildAsync(connection, name, scope.ScopeId, scope.Entries, scope.Dimensions, scope.Partition, cancellation).ConfigureAwait(false);
            built++;
        }

        return built;
    }

    private static async Task BuildAsync(
        NpgsqlConnection connection, string name, long scopeId, long entries, long dimensions, string partition, CancellationToken cancellation)
    {
        var megabytes = Math.Clamp(entries * ((2 * dimensions) + 1024) / 1_000_000, 64, MostMegabytes);
        var sql = PostgresGraphTable.Create(name, scopeId, dimensions, partition);
        await connection.ExecuteAsync($"set maintenance_work_mem='{megabytes}MB'").ConfigureAwait(false);
        try
        {
            await connection.ExecuteAsync(new CommandDefinition(sql, commandTimeout: 0, cancellationToken: cancellation)).ConfigureAwait(false);
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.DiskFull)
        {
            // Workers share the graph through /dev/shm, which is small in many containers; one process alone needs none of it.
            await connection.ExecuteAsync($"drop index concurrently if exists {name}").ConfigureAwait(false);
            await connection.ExecuteAsync("set max_parallel_maintenance_workers=0").ConfigureAwait(false);
            await connection.ExecuteAsync(new CommandDefinition(sql, commandTimeout: 0, cancellationToken: cancellation)).ConfigureAwait(false);
        }
    }
}
