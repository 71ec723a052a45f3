namespace Pipeline.Storage.State;

/// <summary>One caller's transaction while it waits for the writing thread.</summary>
internal abstract class SqliteWork
{
    public List<string> Channels { get; } = [];

    /// <summary>Runs the work; false when it threw and its savepoint must be rolled back.</summary>
    public abstract bool Run(SqliteSession session);

    /// <summary>Hands the outcome to the caller, after the commit.</summary>
    public abstract void Release();

    public abstract void Fail(Exception failure);
}

/// <inheritdoc cref="SqliteWork"/>
internal sealed class SqliteWork<T>(Func<ITransaction, ValueTask<T>> work) : SqliteWork
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private Exception? _failure;

    public Task<T> Done => _done.Task;

    public override bool Run(SqliteSession session)
    {
        try
        {
            var running = work(session);
            if (!running.IsCompleted)
            {
                throw new InvalidOperationException("A transaction awaited something other than its own rows; do slow work before it.");
            }

            _result = running.GetAwaiter().GetResult();
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
}
