namespace Pipeline.McpServer.Stdio;

/// <summary>Why an owner ended.</summary>
public enum OwnerEnd
{
    /// <summary>It was told to.</summary>
    Stopped,

    /// <summary>No client and no work for long enough.</summary>
    Idle,

    /// <summary>Its data folder is gone, and with it any reason to run.</summary>
    FolderGone,

    /// <summary>A newer build takes over.</summary>
    Replaced,

    /// <summary>The disk lost a write, and only a start shows what is on it.</summary>
    StoreFailed,
}

/// <summary>
/// How long an owner that a relay started lives: until its last client has been gone for a while and no work is left, or its folder vanishes.
/// </summary>
/// <param name="dataFolder">The folder that is owned.</param>
/// <param name="socket">Who is connected.</param>
/// <param name="hasWork">Whether work is left.</param>
/// <param name="idle">How long it stays without clients; null stays for ever.</param>
/// <param name="look">How often it looks.</param>
/// <param name="time">The clock.</param>
public sealed class OwnerLifetime(
    string dataFolder, OwnerSocket socket, Func<CancellationToken, ValueTask<bool>> hasWork, TimeSpan? idle, TimeSpan look, TimeProvider time)
{
    /// <summary>The file that stands for the folder: the owner holds it open, and a new owner of a new folder makes a new one.</summary>
    private readonly FileInfo _lock = new(Path.Combine(dataFolder, "owner.lock"));

    private DateTime _made;

    /// <summary>Waits for the end and says why it came.</summary>
    /// <param name="stop">Tells it to end.</param>
    /// <param name="storeFailed">Ends when the store can no longer be written.</param>
    public async Task<OwnerEnd> WaitAsync(CancellationToken stop, Task? storeFailed = null)
    {
        storeFailed ??= new TaskCompletionSource().Task;
        _made = _lock.CreationTimeUtc;
        var lastBusy = time.GetTimestamp();
        while (true)
        {
            try
            {
                await Task.WhenAny(socket.Replaced, storeFailed).WaitAsync(look, time, stop).ConfigureAwait(false);
                return storeFailed.IsCompleted ? OwnerEnd.StoreFailed : OwnerEnd.Replaced;
            }
            catch (TimeoutException)
            {
                // Time to look.
            }
            catch (OperationCanceledException)
            {
                return OwnerEnd.Stopped;
            }

            if (IsGone())
            {
                return OwnerEnd.FolderGone;
            }

            if (socket.Clients > 0 || idle is null)
            {
                lastBusy = time.GetTimestamp();
            }
            else if (time.GetElapsedTime(lastBusy) >= idle && !await hasWork(stop).ConfigureAwait(false) && socket.Clients == 0)
            {
                return OwnerEnd.Idle;
            }
        }
    }

    private bool IsGone()
    {
        _lock.Refresh();
        return !_lock.Exists || _lock.CreationTimeUtc != _made;
    }
}
