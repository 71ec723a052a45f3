using Pipeline.McpServer.Commands;
using Pipeline.McpServer.Connections;
using Pipeline.Storage;

namespace Pipeline.McpServer.Stdio;

/// <summary>An owner in the background from the taken lock to its end.</summary>
internal static class OwnerRun
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PatienceForLock = TimeSpan.FromSeconds(2);

    /// <summary>Owns the folder until it is idle, replaced, gone or told to stop; the exit code says whether another owns it.</summary>
    public static async Task<int> RunAsync(string dataFolder, ConnectionLimits limits, Compose compose, TimeProvider time, CancellationToken stop)
    {
        using var folder = await TakeAsync(dataFolder, time, stop).ConfigureAwait(false);
        if (folder is null)
        {
            return OwnerExit.Owned;
        }

        await using var composition = await compose(folder, stop).ConfigureAwait(false);
        var options = new OwnerSocketOptions { Limits = limits, Build = Build.Stamp, GivesWay = true, Time = time };
        await using var socket = OwnerSocket.Listen(folder.Root, options, composition);
        var lifetime = new OwnerLifetime(folder.Root, socket, composition.HasWork, Idle, Look, time);
        var end = await lifetime.WaitAsync(stop, composition.Failed).ConfigureAwait(false);
        composition.StopWaiting();
        await Console.Error.WriteLineAsync($"owner {Environment.ProcessId} ends: {end}").ConfigureAwait(false);
        if (end == OwnerEnd.StoreFailed)
        {
            await Console.Error.WriteLineAsync((await composition.Failed.ConfigureAwait(false)).Message).ConfigureAwait(false);
            return 1;
        }

        if (end != OwnerEnd.FolderGone)
        {
            await socket.DrainAsync(Drain).ConfigureAwait(false);
        }

        return 0;
    }

    /// <summary>Takes the folder's lock, waiting a little for an owner that is just ending.</summary>
    private static async Task<DataFolder?> TakeAsync(string dataFolder, TimeProvider time, CancellationToken stop)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            if (DataFolder.TryOwn(dataFolder) is { } folder)
            {
                return folder;
            }

            if (time.GetElapsedTime(since) > PatienceForLock)
            {
                return null;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), time, stop).ConfigureAwait(false);
        }
    }
}
