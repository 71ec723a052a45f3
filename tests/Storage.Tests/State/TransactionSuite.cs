namespace Pipeline.Storage.Tests.State;

/// <summary>What every back end promises of a transaction.</summary>
public abstract class TransactionSuite : DatabaseSuite
{
    [Fact]
    public async Task A_throw_leaves_nothing_behind()
    {
        await using var database = await OpenAsync();
        var failure = await Assert.ThrowsAsync<ArgumentException>(() => database.TransactAsync<bool>(async tx =>
        {
            await Rows.AddAsync(tx, 1);
            tx.Notify("rows");
            throw new ArgumentException("on purpose");
        }, CancellationToken.None));

        Assert.Equal("on purpose", failure.Message);
        Assert.Empty(await Rows.AllAsync(database));
    }

    [Fact]
    public async Task Others_queued_beside_a_throw_commit()
    {
        await using var database = await OpenAsync();
        using var holding = new Occupied(database);
        var work = Enumerable.Range(0, 50).Select(n => database.TransactAsync(async tx =>
        {
            await Rows.AddAsync(tx, n);
            return n % 5 == 0 ? throw new ArgumentException("on purpose") : n;
        }, CancellationToken.None)).ToList();
        await holding.LeaveAsync();

        foreach (var (task, n) in work.Select((task, n) => (task, n)))
        {
            Assert.Equal(n % 5 == 0, await Record.ExceptionAsync(() => task) is ArgumentException);
        }

        Assert.Equal(Enumerable.Range(0, 50).Where(n => n % 5 != 0).Select(n => (long)n), await Rows.AllAsync(database));
    }

    [Fact]
    public async Task Parameters_may_be_entries_of_a_dictionary()
    {
        await using var database = await OpenAsync();
        foreach (var n in new[] { 3L, 4L })
        {
            var parameters = new Dictionary<string, object?> { ["n"] = n, ["nothing"] = null };
            var read = await database.ReadAsync(query => query.FirstAsync<long>("select @n + coalesce(@nothing, 0)", parameters), CancellationToken.None);
            var written = await database.TransactAsync(tx => tx.FirstAsync<long>("select @n + coalesce(@nothing, 0)", parameters), CancellationToken.None);
            Assert.Equal((n, n), (read, written));
        }
    }

    [Fact]
    public async Task A_broken_statement_costs_only_its_own_transaction()
    {
        await using var database = await OpenAsync();
        using var holding = new Occupied(database);
        var good = Rows.AddAsync(database, 1);
        var twice = Rows.AddAsync(database, 1);
        var after = Rows.AddAsync(database, 2);
        await holding.LeaveAsync();

        await good;
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => twice);
        await after;
        Assert.Equal([1, 2], await Rows.AllAsync(database));
    }

    [Fact]
    public async Task A_read_sees_what_was_written_before_it()
    {
        await using var database = await OpenAsync();
        for (var n = 0; n < 50; n++)
        {
            await Rows.AddAsync(database, n);
            Assert.Equal(n + 1, (await Rows.AllAsync(database)).Count);
        }
    }

    [Fact]
    public async Task A_read_is_one_snapshot()
    {
        await using var database = await OpenAsync();
        var began = new TaskCompletionSource();
        using var written = new ManualResetEventSlim();
        var counts = Task.Run(() => database.ReadAsync(async query =>
        {
            var before = await query.FirstAsync<long>("select count(*) from rows");
            began.SetResult();
            written.Wait();
            return (before, after: await query.FirstAsync<long>("select count(*) from rows"));
        }, CancellationToken.None));
        await began.Task;
        await Rows.AddAsync(database, 1);
        written.Set();

        Assert.Equal((0, 0), await counts);
        Assert.Single(await Rows.AllAsync(database));
    }

    [Fact]
    public async Task A_cancelled_caller_writes_nothing()
    {
        await using var database = await OpenAsync();
        using var source = new CancellationTokenSource();
        using var holding = new Occupied(database);
        var queued = database.TransactAsync(tx => Rows.AddAsync(tx, 1), source.Token);
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queued); // at once, though the writer is still busy
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => database.TransactAsync(tx => Rows.AddAsync(tx, 2), source.Token));
        await holding.LeaveAsync();
        Assert.Empty(await Rows.AllAsync(database));
    }

    [Fact]
    public async Task Slow_work_is_refused_and_can_touch_nothing_later()
    {
        await using var database = await OpenAsync();
        var late = new TaskCompletionSource();
        var touched = new TaskCompletionSource<Exception?>();
        await Assert.ThrowsAsync<InvalidOperationException>(() => database.TransactAsync(async tx =>
        {
            await Rows.AddAsync(tx, 1);
            await late.Task;
            touched.SetResult(await Record.ExceptionAsync(() => Rows.AddAsync(tx, 2).AsTask()));
            return true;
        }, CancellationToken.None));
        late.SetResult();

        Assert.IsType<InvalidOperationException>(await touched.Task);
        Assert.Empty(await Rows.AllAsync(database));
    }

    [Fact]
    public async Task The_clock_stands_still_inside_a_transaction_and_never_goes_back()
    {
        var time = new SteppingTime();
        await using var database = await OpenAsync(time);
        var (first, second) = await database.TransactAsync(tx =>
        {
            var before = tx.NowMs;
            time.Now += TimeSpan.FromMinutes(1);
            return ValueTask.FromResult((before, tx.NowMs));
        }, CancellationToken.None);
        time.Now -= TimeSpan.FromHours(1);
        var third = await database.TransactAsync(tx => ValueTask.FromResult(tx.NowMs), CancellationToken.None);

        Assert.Equal(first, second);
        Assert.True(third >= second);
    }

    [Fact]
    public async Task Queued_work_is_done_before_the_store_closes_and_refused_after()
    {
        var database = await OpenAsync();
        var holding = new Occupied(database);
        var queued = Enumerable.Range(0, 300).Select(n => Rows.AddAsync(database, n)).ToList();
        var closing = database.DisposeAsync().AsTask();
        await holding.LeaveAsync();

        await Task.WhenAll(queued);
        await closing;
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Rows.AddAsync(database, 1000));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Rows.AllAsync(database));
    }

    private sealed class SteppingTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
