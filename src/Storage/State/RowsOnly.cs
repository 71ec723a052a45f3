namespace Pipeline.Storage.State;

/// <summary>A delegate over rows has nothing to wait for on SQLite; one that does would hold up every other caller.</summary>
internal static class RowsOnly
{
    /// <summary>The result of a finished delegate.</summary>
    /// <exception cref="InvalidOperationException">The delegate is still waiting for something that is not a row.</exception>
    public static T Result<T>(ValueTask<T> running)
    {
        if (running.IsCompleted)
        {
            return running.GetAwaiter().GetResult();
        }

        // Its session has ended, so it can do no harm; how it ends concerns nobody any more.
        _ = running.AsTask().ContinueWith(static late => late.Exception, TaskScheduler.Default);
        throw new InvalidOperationException("A transaction awaited something other than its own rows; do slow work before it.");
    }
}
