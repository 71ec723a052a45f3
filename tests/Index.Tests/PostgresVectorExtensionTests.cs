using Npgsql;
using Pipeline.Faults.Services;

namespace Pipeline.Index.Tests;

/// <summary>A database whose extension is missing or old tells its operator what to run.</summary>
[Trait("needs", "services")]
public sealed class PostgresVectorExtensionTests
{
    [Fact]
    public async Task A_role_that_may_not_create_it_is_told_what_a_superuser_runs()
    {
        await using var server = TestPostgres.Create();
        var role = "pipeline_plain_" + Path.GetRandomFileName()[..8];
        server.Run($"create role {role} login");
        try
        {
            var connection = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Username = role };
            var refused = await Assert.ThrowsAsync<VectorExtensionException>(() => PostgresVectorExtension.EnsureAsync(connection.ToString(), CancellationToken.None));

            Assert.Equal(
                $"The database '{connection.Database}' has no vector extension, and the role '{role}' may not create it. "
                + $"As a superuser run: psql -d {connection.Database} -c 'create extension vector'",
                refused.Message);
            Assert.Null(refused.Installed);

            server.Run("create extension vector");
            await PostgresVectorExtension.EnsureAsync(connection.ToString(), CancellationToken.None);
        }
        finally
        {
            server.Run($"drop role {role}");
        }
    }

    [Fact]
    public async Task An_old_one_is_refused_with_the_command_that_updates_it()
    {
        await using var server = TestPostgres.Create();
        server.Run("create extension vector; update pg_extension set extversion='0.8.1' where extname='vector'");

        var refused = await Assert.ThrowsAsync<VectorExtensionException>(() => PostgresVectorExtension.EnsureAsync(server.ConnectionString, CancellationToken.None));

        Assert.Equal(new Version(0, 8, 1), refused.Installed);
        Assert.Contains("has vector 0.8.1, and the search index needs 0.8.6", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("-c 'alter extension vector update'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_created_where_that_is_allowed_by_many_at_once()
    {
        await using var server = TestPostgres.Create();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PostgresVectorExtension.EnsureAsync(server.ConnectionString, CancellationToken.None)));
        await PostgresVectorExtension.EnsureAsync(server.ConnectionString, CancellationToken.None);
    }
}
