using Pipeline.Storage.State;

namespace Pipeline.Storage.Tests.State;

/// <summary>What every back end promises of wake-ups.</summary>
public abstract class SignalSuite : DatabaseSuite
{
    [Fact]
    public async Task A_signal_between_the_look_and_the_wait_is_not_lost()
    {
        await using var database = await OpenAsync();
        var ticket = database.Signals.Ticket("rows");
        Assert.Empty(await Rows.AllAsync(database));
        await NotifyAsync(database, "rows", 1);

        Assert.True(await Signals.WaitAsync(ticket, TimeSpan.FromSeconds(30), TimeProvider.System, CancellationToken.None));
        Assert.Single(await Rows.AllAsync(database)); // woken after the commit, never before
    }

    [Fact]
    public async Task A_rollback_wakes_nobody()
    {
        await using var database = await OpenAsync();
        var ticket = database.Signals.Ticket("rows");
        await Assert.ThrowsAsync<ArgumentException>(() => database.TransactAsync<bool>(tx =>
        {
            tx.Notify("rows");
            throw new ArgumentException("on purpose");
        }, CancellationToken.None));
        await NotifyAsync(database, "others", 1);

        Assert.False(ticket.IsCompleted);
        Assert.False(await Signals.WaitAsync(ticket, TimeSpan.Zero, TimeProvider.System, CancellationToken.None));
    }

    [Fact]
    public async Task Every_waiter_is_woken_and_the_next_ticket_waits_again()
    {
        await using var database = await OpenAsync();
        var tickets = Enumerable.Range(0, 20).Select(_ => database.Signals.Ticket("rows")).ToList();
        await NotifyAsync(database, "rows", 1);

        await Task.WhenAll(tickets);
        Assert.False(database.Signals.Ticket("rows").IsCompleted);
    }

    [Fact]
    public async Task Abandoned_channels_do_not_pile_up_and_nobody_is_forgotten()
    {
        await using var database = await OpenAsync();
        var ticket = database.Signals.Ticket("rows");
        for (var n = 0; n < 10_000; n++)
        {
            _ = database.Signals.Ticket("abandoned " + n);
        }

        Assert.True(ticket.IsCompleted); // called early, rather than never
    }

    private static Task NotifyAsync(IDatabase database, string channel, long value) => database.TransactAsync(async tx =>
    {
        tx.Notify(channel);
        return await Rows.AddAsync(tx, value);
    }, CancellationToken.None);
}
