using Pipeline.Storage.State;

namespace Pipeline.Tools.Contract;

/// <summary>How long calls may wait. When the server is about to stop their time is up at once, so that each still gets its ordinary answer.</summary>
public sealed class Patience(TimeProvider time)
{
    // A signal of another node may be lost; whoever waits looks again by itself.
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends every wait, now and from now on.</summary>
    public void End() => _over.TrySetResult();

    /// <summary>What is left of <paramref name="wait"/> since <paramref name="began"/> (a timestamp of the time provider); nothing once waits have ended.</summary>
    public TimeSpan Left(TimeSpan wait, long began) => _over.Task.IsCompleted ? TimeSpan.Zero : wait - time.GetElapsedTime(began);

    /// <summary>Waits for a ticket, for the time to pass, for the end of waits or for the next look, whichever comes first.</summary>
    public async Task WaitAsync(Task ticket, TimeSpan atMost, CancellationToken cancellation) =>
        await Signals.WaitAsync(Task.WhenAny(ticket, _over.Task), atMost < Beat ? atMost : Beat, time, cancellation).ConfigureAwait(false);
}
