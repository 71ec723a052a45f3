using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Assets;

/// <summary>Sweeps every hour.</summary>
internal sealed class ObjectSweepWork(ObjectSweep sweep, TimeProvider time) : IBackgroundWork
{
    private static readonly TimeSpan Tick = TimeSpan.FromHours(1);

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(Tick, time, cancellation).ConfigureAwait(false);
            await sweep.RunAsync(ObjectSweep.DefaultGrace, dryRun: false, cancellation).ConfigureAwait(false);
        }
    }
}
