using System.Collections.Concurrent;

namespace Pipeline.Storage.State;

/// <summary>
/// Wake-ups by channel name. Take a ticket, look at the rows, then wait on the ticket: a signal between the look and the wait is not lost.
/// </summary>
public sealed class Signals
{
    private const int MostChannels = 4096;

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _channels = new(StringComparer.Ordinal);

    /// <summary>A ticket for the next signal on <paramref name="channel"/>. It may be called early: look at the rows again.</summary>
    public Task Ticket(string channel)
    {
        // Whose waiter gave up is not known, so names would pile up for ever; waking everyone once in a while is cheap and harmless.
        if (_channels.Count >= MostChannels)
        {
            RaiseAll();
        }

        return _channels.GetOrAdd(channel, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    /// <summary>Wakes every ticket taken on <paramref name="channel"/> so far.</summary>
    public void Raise(string channel)
    {
        if (_channels.TryRemove(channel, out var waiting))
        {
            waiting.TrySetResult();
        }
    }

    /// <summary>Wakes everyone: some signal may have been missed.</summary>
    public void RaiseAll()
    {
        foreach (var name in _channels.Keys)
        {
            Raise(name);
        }
    }

    /// <summary>Waits for a ticket or for the time to pass, whichever comes first; true when the ticket was called.</summary>
    public static async Task<bool> WaitAsync(Task ticket, TimeSpan atMost, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            await ticket.WaitAsync(atMost < TimeSpan.Zero ? TimeSpan.Zero : atMost, time, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
