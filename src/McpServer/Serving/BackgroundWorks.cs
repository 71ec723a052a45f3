using Pipeline.Storage.State;
using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Serving;

/// <summary>Keeps the background works running: what a full disk or a fault of its own ends begins again after a rest.</summary>
internal sealed partial class BackgroundWorks(IEnumerable<IBackgroundWork> works, TimeProvider time, ILogger<BackgroundWorks> log) : IAsyncDisposable
{
    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _ending = new();
    private Task[] _running = [];

    /// <summary>Starts them all.</summary>
    public void Start() => _running = [.. works.Select(work => Task.Run(() => KeepAsync(work), CancellationToken.None))];

    /// <summary>Ends them all, each in its own orderly way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private async Task KeepAsync(IBackgroundWork work)
    {
        for (var rest = FirstRest; ;)
        {
            var since = time.GetTimestamp();
            try
            {
                await work.RunAsync(_ending.Token).ConfigureAwait(false);
                return;
            }
            catch (StorageFailedException failure) when (failure.Full)
            {
                // Calls say so already; this goes on as soon as there is room.
                rest = FirstRest;
            }
            catch (Exception failure) when (!_ending.IsCancellationRequested)
            {
                LogFailure(log, work.GetType().Name, failure);
                rest = time.GetElapsedTime(since) > LongestRest ? FirstRest : rest * 2 < LongestRest ? rest * 2 : LongestRest;
            }

            await Task.Delay(rest, time, _ending.Token).ConfigureAwait(false);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Work} ended and begins again")]
    private static partial void LogFailure(ILogger log, string work, Exception failure);
}
