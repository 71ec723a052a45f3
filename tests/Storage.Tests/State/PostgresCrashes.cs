using Npgsql;
using Pipeline.Faults.Services;
using Pipeline.Storage.State;

namespace Pipeline.Storage.Tests.State;

/// <summary>A server that crashes, and one whose sessions end while nobody uses them.</summary>
[Trait("needs", "services")]
public sealed class PostgresCrashes : IAsyncLifetime
{
    private PostgresServer _server = null!;
    private CutProxy _wire = null!;
    private PostgresDatabase _database = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartAsync("wal_writer_delay=10s");
        var direct = new NpgsqlConnectionStringBuilder(_server.ConnectionString);
        _wire = new(direct.Host!, direct.Port);
        var through = new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Port = _wire.Port };
        _database = PostgresDatabase.Open(new() { ConnectionString = through.ToString(), RetryFor = TimeSpan.FromSeconds(60), Writers = 1 });
        await _database.MigrateAsync([Rows.Schema], CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _wire.ComeBack();
        await _database.DisposeAsync();
        _wire.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_transaction_whose_number_another_got_after_a_crash_is_not_taken_for_kept()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _wire.Arm(Cut.Before, "commit\0", thenAway: true);
        var lost = _database.TransactAsync("film", tx =>
        {
            begun.TrySetResult();
            return Rows.AddAsync(tx, 2);
        }, CancellationToken.None);
        await begun.Task;
        await UntilNobodyWritesAsync();
        await _server.RestartAsync(crash: true);
        await RunAsync("insert into rows(value, padding) values(3, '')");
        _wire.ComeBack();

        var failure = await Record.ExceptionAsync(() => lost);
        var kept = await Rows.AllAsync(_database);
        Assert.True(kept.Contains(2) ? failure is null : failure is StorageFailedException { Unknown: true }, $"{failure} {string.Join(' ', kept)}");
        Assert.Contains(3, kept);
    }

    [Fact]
    public async Task Sessions_that_ended_while_they_were_idle_are_replaced()
    {
        await Rows.AddAsync(_database, 1);
        Assert.Equal([1], await Rows.AllAsync(_database));
        await _server.ThrowOutAsync(100);
        await Task.Delay(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken); // the driver has looked after its idle connections

        await Rows.AddAsync(_database, 2).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal([1, 2], await Rows.AllAsync(_database));
    }

    // The commit never arrived, and the server has noticed that who sent it is gone.
    private async Task UntilNobodyWritesAsync()
    {
        while (await RunAsync("select count(*) from pg_stat_activity where datname=current_database() and backend_xid is not null and pid<>pg_backend_pid()") > 0)
        {
            await Task.Delay(50);
        }
    }

    private async Task<long> RunAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Pooling = false }.ToString());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() is long count ? count : 0;
    }
}
