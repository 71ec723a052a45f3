using Pipeline.Faults.Services;
using Pipeline.Storage.State;

namespace Pipeline.Storage.Tests.State;

/// <summary>Two nodes over one database.</summary>
[Trait("needs", "services")]
public sealed class PostgresNodes : IAsyncLifetime
{
    private readonly TestPostgres _server = TestPostgres.Create();
    private PostgresDatabase _one = null!;
    private PostgresDatabase _two = null!;

    public async ValueTask InitializeAsync() => (_one, _two) = (await OpenAsync(), await OpenAsync());

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task Reading_deciding_and_writing_in_one_scope_loses_nothing()
    {
        await Rows.AddAsync(_one, 1, "0");
        await Task.WhenAll(Enumerable.Range(0, 32).Select(caller => Task.Run(async () =>
        {
            for (var n = 0; n < 20; n++)
            {
                await (caller % 2 == 0 ? _one : _two).TransactAsync("film", IncrementAsync, CancellationToken.None);
            }
        })));

        Assert.Equal("640", await _one.ReadAsync(query => query.FirstAsync<string>("select padding from rows where value=1"), CancellationToken.None));
    }

    [Fact]
    public async Task Without_a_scope_everyone_waits_and_with_another_nobody_does()
    {
        using var leave = new ManualResetEventSlim();
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = Task.Run(() => _one.TransactAsync("film", tx => HoldAsync(tx, inside, leave), CancellationToken.None));
        await inside.Task;

        await _one.TransactAsync("other", tx => Rows.AddAsync(tx, 2), CancellationToken.None);
        await _two.TransactAsync("other", tx => Rows.AddAsync(tx, 3), CancellationToken.None);
        var same = _two.TransactAsync("film", async tx => await tx.FirstAsync<long>("select count(*) from rows"), CancellationToken.None);
        var alone = _two.TransactAsync(async tx => await tx.FirstAsync<long>("select count(*) from rows"), CancellationToken.None);
        await Waiting(2);
        Assert.False(same.IsCompleted || alone.IsCompleted);
        leave.Set();

        await held;
        Assert.Equal(3, await same);
        Assert.Equal(3, await alone);
    }

    [Fact]
    public async Task A_signal_on_one_node_wakes_those_who_wait_on_the_other()
    {
        var ticket = _two.Signals.Ticket("steps");
        await NotifyAsync(1, "steps");
        await ticket.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        var many = Enumerable.Range(0, 900).Select(n => $"a channel with a long name, as names go, {n}").ToList(); // more than one notice holds
        var tickets = many.Select(_two.Signals.Ticket).ToList();
        await NotifyAsync(2, [.. many]);
        await Task.WhenAll(tickets).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_node_that_did_not_hear_looks_at_everything_again()
    {
        var ticket = _two.Signals.Ticket("steps");
        _server.ThrowOut();

        await ticket.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        var next = _two.Signals.Ticket("runs");
        await NotifyAsync(1, "runs");
        await next.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_node_that_ended_is_known_to_be_gone_and_no_other()
    {
        var third = await OpenAsync();
        string[] nodes = [_one.Node, _two.Node, third.Node, ""];
        Assert.Empty(await _one.GoneAsync(nodes, CancellationToken.None));
        await third.DisposeAsync();
        IReadOnlyList<string> gone;
        while ((gone = await _one.GoneAsync(nodes, CancellationToken.None)).Count == 0)
        {
            await Task.Delay(10); // the server notices in its own time
        }

        Assert.Equal([third.Node], gone);
    }

    [Fact]
    public async Task The_clock_is_the_databases_and_does_not_go_back()
    {
        _server.Run("create or replace function pipeline_now_ms() returns bigint language sql volatile as 'select 5000000000000'");
        Assert.Equal(5_000_000_000_000, await NowAsync(_one));
        _server.Run("create or replace function pipeline_now_ms() returns bigint language sql volatile as 'select 4000000000000'");

        Assert.Equal(5_000_000_000_000, await NowAsync(_one));
        Assert.Equal(5_000_000_000_000, await _one.ReadAsync(query => ValueTask.FromResult(query.NowMs), CancellationToken.None));
        Assert.Equal(4_000_000_000_000, await NowAsync(_two));
    }

    [Fact]
    public async Task A_newer_build_beside_it_does_not_stop_a_node_that_runs_and_refuses_one_that_starts()
    {
        await _two.MigrateAsync([Rows.Schema, new Table("more", "alter table rows add column note text")], CancellationToken.None);
        await _two.MigrateAsync([new Table("rows", [.. Rows.Schema.Migrations, "alter table rows add column other text"])], CancellationToken.None);

        await Rows.AddAsync(_one, 1);
        Assert.Single(await Rows.AllAsync(_one));
        var failure = await Assert.ThrowsAsync<StorageFailedException>(OpenAsync);
        Assert.Contains("newer version", failure.Message, StringComparison.Ordinal);
    }

    private static async ValueTask<bool> HoldAsync(ITransaction tx, TaskCompletionSource inside, ManualResetEventSlim leave)
    {
        await Rows.AddAsync(tx, 1);
        inside.SetResult();
        leave.Wait();
        return true;
    }

    private static async ValueTask<bool> IncrementAsync(ITransaction tx)
    {
        var now = int.Parse((await tx.FirstAsync<string>("select padding from rows where value=1"))!, System.Globalization.CultureInfo.InvariantCulture);
        await tx.ExecuteAsync("update rows set padding=@next where value=1", new { next = $"{now + 1}" });
        return true;
    }

    private static Task<long> NowAsync(PostgresDatabase database) => database.TransactAsync("film", tx => ValueTask.FromResult(tx.NowMs), CancellationToken.None);

    private Task NotifyAsync(long value, params string[] channels) => _one.TransactAsync("film", async tx =>
    {
        Array.ForEach(channels, tx.Notify);
        return await Rows.AddAsync(tx, value);
    }, CancellationToken.None);

    // Until that many sessions wait for a lock.
    private async Task Waiting(long sessions)
    {
        while (await _one.ReadAsync(query => query.FirstAsync<long>("select count(*) from pg_locks where locktype='advisory' and not granted"), CancellationToken.None) < sessions)
        {
            await Task.Delay(10);
        }
    }

    private async Task<PostgresDatabase> OpenAsync()
    {
        var database = PostgresDatabase.Open(new() { ConnectionString = _server.ConnectionString });
        await database.MigrateAsync([Rows.Schema], CancellationToken.None);
        return database;
    }
}
