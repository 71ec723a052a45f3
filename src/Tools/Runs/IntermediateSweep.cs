using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Runs;

/// <summary>Lets intermediates go within a minute of their time.</summary>
internal sealed class IntermediateSweep(Intermediates intermediates, TimeProvider time) : IBackgroundWork
{
    private static readonly TimeSpan Tick = TimeSpan.FromMinutes(1);

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await intermediates.SweepAsync(cancellation).ConfigureAwait(false);
            await Task.Delay(Tick, time, cancellation).ConfigureAwait(false);
        }
    }
}
