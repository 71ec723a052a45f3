using Npgsql;
using Pipeline.Faults.Services;
using Pipeline.Storage.State;

namespace Pipeline.Storage.Tests.State;

/// <summary>A database whose connections break, at any moment of a transaction.</summary>
[Trait("needs", "services")]
public sealed class PostgresLosses : IAsyncLifetime
{
    private readonly TestPostgres _server = TestPostgres.Create();
    private readonly CutProxy _wire;
    private PostgresDatabase _database = null!;

    public PostgresLosses()
    {
        var direct = new NpgsqlConnectionStringBuilder(_server.ConnectionString);
        _wire = new(direct.Host!, direct.Port);
    }

    public async ValueTask InitializeAsync()
    {
        _database = Open(retrySeconds: 30);
        await _database.MigrateAsync([Rows.Schema], CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _wire.ComeBack();
        await _database.DisposeAsync();
        _wire.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task Lost_before_the_commit_it_is_done_again()
    {
        var runs = 0;
        await _database.TransactAsync("film", async tx =>
        {
            await Rows.AddAsync(tx, 1);
            if (runs++ == 0)
            {
                _server.ThrowOut();
            }

            return await Rows.AddAsync(tx, 2);
        }, CancellationToken.None);

        Assert.Equal(2, runs);
        Assert.Equal([1, 2], await Rows.AllAsync(_database));
    }

    [Theory]
    [InlineData(Cut.Before, 2)]
    [InlineData(Cut.After, 1)]
    public async Task Lost_at_the_commit_it_is_found_out_and_done_once(Cut cut, int expected)
    {
        var runs = 0;
        _wire.Arm(cut, "commit\0");
        await _database.TransactAsync("film", tx =>
        {
            runs++;
            return Rows.AddAsync(tx, 1, "x");
        }, CancellationToken.None);

        Assert.Equal(expected, runs);
        Assert.Equal([1], await Rows.AllAsync(_database));
    }

    [Fact]
    public async Task Lost_at_the_commit_and_for_good_it_is_unknown_and_said_to_be()
    {
        await using var hasty = Open(retrySeconds: 2);
        _wire.Arm(Cut.After, "commit\0", thenAway: true);
        var failure = await Assert.ThrowsAsync<StorageFailedException>(() => Rows.AddAsync(hasty, 1));

        Assert.True(failure.Unknown);
        Assert.Contains("idempotency_key", failure.Message, StringComparison.Ordinal);
        _wire.ComeBack();
        Assert.Equal([1], await Rows.AllAsync(_database));
    }

    [Fact]
    public async Task Out_of_reach_for_too_long_callers_are_told_and_nothing_is_told_of_the_address()
    {
        await using var hasty = Open(retrySeconds: 2);
        _wire.GoAway();
        var write = await Assert.ThrowsAsync<StorageFailedException>(() => Rows.AddAsync(hasty, 1));
        var read = await Assert.ThrowsAsync<StorageFailedException>(() => Rows.AllAsync(hasty));
        _wire.ComeBack();

        Assert.All([write, read], failure => Assert.True(failure is { RetryAfterSeconds: > 0, Unknown: false, Busy: false }));
        Assert.DoesNotContain("not-to-be-seen", write.ToString() + read, StringComparison.Ordinal);
        await Rows.AddAsync(_database, 2);
        Assert.Equal([2], await Rows.AllAsync(_database));
    }

    [Fact]
    public async Task Away_for_a_moment_nobody_notices()
    {
        _wire.GoAway();
        var (write, read) = (Rows.AddAsync(_database, 1), _database.ReadAsync(query => query.FirstAsync<long>("select 7"), CancellationToken.None));
        _wire.ComeBack();

        Assert.Equal(1, await write);
        Assert.Equal(7, await read);
    }

    [Fact]
    public async Task More_than_it_queues_is_refused_as_busy()
    {
        using var holding = new Occupied(_database);
        var queued = Enumerable.Range(0, 4).Select(n => Rows.AddAsync(_database, n)).ToList();
        var failure = await Assert.ThrowsAsync<StorageFailedException>(() => Rows.AddAsync(_database, 9));
        await holding.LeaveAsync();

        await Task.WhenAll(queued);
        Assert.True(failure is { Busy: true, RetryAfterSeconds: > 0 });
        Assert.Equal([0, 1, 2, 3], await Rows.AllAsync(_database));
    }

    private PostgresDatabase Open(double retrySeconds)
    {
        var through = new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Port = _wire.Port, Password = "not-to-be-seen" };
        return PostgresDatabase.Open(new() { ConnectionString = through.ToString(), RetryFor = TimeSpan.FromSeconds(retrySeconds), Writers = 1, MostQueued = 4 });
    }

    [Fact]
    public void A_connection_string_that_is_none_is_refused_without_repeating_it()
    {
        var failure = Assert.Throws<InvalidDataException>(() => PostgresDatabase.Open(new() { ConnectionString = "Host=db;Pasword=secret" }));

        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.OrdinalIgnoreCase);
    }
}
