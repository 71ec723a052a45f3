using Pipeline.Faults.Services;
using Pipeline.Storage.State;

namespace Pipeline.Storage.Tests.Moving;

[Trait("needs", "services")]
public sealed class PostgresArrivalTests : IDisposable
{
    private const string Move = "create table house_move (id bigint primary key, house text not null, state text not null, source_now_ms bigint not null, at_ms bigint not null); ";
    private const long SourceNowMs = 5_000_000;

    private static readonly Table Leases = new("leases", "create table leases (name text primary key, ends_ms bigint)") { Leases = [new("leases", "ends_ms")] };

    private readonly TestPostgres _server = TestPostgres.Create();

    [Fact]
    public async Task The_first_node_gives_leases_the_remainder_that_they_had_and_the_second_changes_nothing()
    {
        await (await OpenAsync()).DisposeAsync();
        _server.Run(Move + $"insert into house_move values(1, 'h', 'arrived', {SourceNowMs}, 0); "
            + $"insert into leases values('live', {SourceNowMs + 60_000}), ('over', {SourceNowMs - 1}), ('none', null)");
        long first;
        await using (var database = await OpenAsync())
        {
            first = await EndsAsync(database, "live");
            var remainderMs = await database.ReadAsync(query => query.FirstAsync<long>("select ends_ms-@NowMs from leases where name='live'", new { query.NowMs }), CancellationToken.None);
            Assert.InRange(remainderMs, 1, 60_000);
            Assert.Equal(SourceNowMs - 1, await EndsAsync(database, "over"));
        }

        await using var second = await OpenAsync();
        Assert.Equal(first, await EndsAsync(second, "live"));
    }

    [Fact]
    public async Task No_node_starts_on_what_is_being_filled()
    {
        _server.Run(Move + "insert into house_move values(1, 'h', 'filling', 0, 0)");
        var refused = await Assert.ThrowsAsync<StorageFailedException>(OpenAsync);
        Assert.Contains("run the same command again", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _server.Dispose();

    private static Task<long> EndsAsync(PostgresDatabase database, string name) =>
        database.ReadAsync(query => query.FirstAsync<long>("select ends_ms from leases where name=@name", new { name }), CancellationToken.None);

    private async Task<PostgresDatabase> OpenAsync()
    {
        var database = PostgresDatabase.Open(new() { ConnectionString = _server.ConnectionString });
        try
        {
            await database.MigrateAsync([Leases], CancellationToken.None);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }
}
