using System.Diagnostics;

namespace Pipeline.Storage.State;

/// <summary>One caller's transaction while it waits for a writing thread.</summary>
internal abstract class QueuedWork
{
    private readonly long _since = Stopwatch.GetTimestamp();
    private int _taken;

    /// <summary>The span in which it was asked for.</summary>
    public Activity? Caller { get; } = Activity.Current;

    /// <summary>How long its caller has been waiting.</summary>
    public TimeSpan Waited => Stopwatch.GetElapsedTime(_since);

    /// <summary>Whom it wakes once it is durable.</summary>
    public List<string> Channels { get; } = [];

    /// <summary>Whether it frees something, and so may use the room kept for a full disk.</summary>
    public required bool Frees { get; init; }

    /// <summary>Takes the work to run it; false when its caller gave up first.</summary>
    public bool TryStart() => Interlocked.Exchange(ref _taken, 1) == 0;

    /// <summary>Gives up on work that has not started. Work that has started runs to its end: its caller must learn whether it was kept.</summary>
    public void Cancel(CancellationToken cancellation)
    {
        if (TryStart())
        {
            Cancelled(cancellation);
        }
    }

    /// <summary>Runs the work, as part of its caller's trace; false when it threw and its savepoint must be rolled back.</summary>
    public bool Run(ITransaction session)
    {
        var around = Activity.Current;
        Activity.Current = Caller;
        try
        {
            return RunOn(session);
        }
        finally
        {
            Activity.Current = around;
        }
    }

    /// <summary>Hands the outcome to the caller, after the commit.</summary>
    public abstract void Release();

    public abstract void Fail(Exception failure);

    protected abstract bool RunOn(ITransaction session);

    protected abstract void Cancelled(CancellationToken cancellation);
}

/// <inheritdoc cref="QueuedWork"/>
internal sealed class QueuedWork<T>(Func<ITransaction, ValueTask<T>> work) : QueuedWork
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private Exception? _failure;

    public Task<T> Done => _done.Task;

    protected override bool RunOn(ITransaction session)
    {
        _failure = null;
        Channels.Clear();
        try
        {
            _result = RowsOnly.Result(work(session));
            return true;
        }
        catch (Exception failure)
        {
            _failure = failure;
            return false;
        }
    }

    public override void Release()
    {
        if (_failure is null)
        {
            _done.TrySetResult(_result!);
        }
        else
        {
            _done.TrySetException(_failure);
        }
    }

    public override void Fail(Exception failure) => _done.TrySetException(_failure ?? failure);

    protected override void Cancelled(CancellationToken cancellation) => _done.TrySetCanceled(cancellation);
}
