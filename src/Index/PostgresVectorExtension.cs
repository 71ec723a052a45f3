using Dapper;
using Npgsql;

namespace Pipeline.Index;

/// <summary>pgvector in the database: created where that is allowed, and refused while it is older than what the index relies on.</summary>
public static class PostgresVectorExtension
{
    /// <summary>
    /// 0.8.0 brought scans that go on until a filter is satisfied; later patches mended a buffer overflow, damaged graphs after vacuum and
    /// failing inserts.
    /// </summary>
    public static Version Oldest { get; } = new(0, 8, 6);

    private const long CreationLock = 0x7069706576656374;

    /// <summary>Makes sure of the extension; call it before the tables are migrated, at each start.</summary>
    /// <exception cref="VectorExtensionException">It is missing and may not be created, or too old.</exception>
    public static async Task EnsureAsync(string connectionString, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ToString());
        await connection.OpenAsync(cancellation).ConfigureAwait(false);
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);

        // Two nodes that start at once must not both create it.
        await connection.ExecuteAsync($"select pg_advisory_xact_lock({CreationLock})").ConfigureAwait(false);
        var found = await connection.QuerySingleAsync<ExtensionRow>(PostgresExtensionTable.State).ConfigureAwait(false);
        if (Problem(found) is { } problem)
        {
            throw new VectorExtensionException(problem, Parse(found.Installed));
        }

        if (found.Installed is null)
        {
            await connection.ExecuteAsync("create extension vector").ConfigureAwait(false);
        }

        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Only looks, and changes nothing.</summary>
    public static async Task<PostgresFound> LookAsync(string connectionString, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ToString());
        await connection.OpenAsync(cancellation).ConfigureAwait(false);
        var found = await connection.QuerySingleAsync<ExtensionRow>(PostgresExtensionTable.State).ConfigureAwait(false);
        return new($"{connection.Host}:{connection.Port}/{connection.Database}", connection.PostgreSqlVersion.ToString(), found.Installed, Problem(found));
    }

    private static string? Problem(ExtensionRow found)
    {
        var (installed, available) = (Parse(found.Installed), Parse(found.Available));
        var server = $"install pgvector {Oldest} or later on the database server (Debian and Ubuntu, from apt.postgresql.org: apt-get install postgresql-18-pgvector; in containers: an image such as pgvector/pgvector:0.8.6-pg18)";
        var psql = $"psql -d {found.Database} -c";
        return (installed, available) switch
        {
            (null, null) => $"PostgreSQL has no vector extension: {server}, then as a superuser run: {psql} 'create extension vector'",
            (null, _) when available < Oldest => $"PostgreSQL offers vector {available}, and the search index needs {Oldest}: {server}, then as a superuser run: {psql} 'create extension vector'",
            (null, _) when !found.MayCreate =>
                $"The database '{found.Database}' has no vector extension, and the role '{found.Role}' may not create it. As a superuser run: {psql} 'create extension vector'",
            (null, _) => null,
            _ when installed >= Oldest => null,
            _ when available >= Oldest =>
                $"The database '{found.Database}' has vector {installed}, and the search index needs {Oldest}. As a superuser run: {psql} 'alter extension vector update'",
            _ => $"The database '{found.Database}' has vector {installed}, and the search index needs {Oldest}: {server}, then as a superuser run: {psql} 'alter extension vector update'",
        };
    }

    private static Version? Parse(string? version) => Version.TryParse(version, out var parsed) ? parsed : null;

    private sealed record ExtensionRow
    {
        public string? Installed { get; init; }
        public string? Available { get; init; }
        public string Database { get; init; } = "";
        public string Role { get; init; } = "";
        public bool MayCreate { get; init; }
    }
}
