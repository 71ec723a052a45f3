using Pipeline.Storage.State;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Assets;

/// <summary>Removes downloads and uploads that nobody has gone on with for a day.</summary>
internal sealed class PartialSweep(IDatabase database, Downloads downloads, UploadFiles uploads, TimeProvider time) : IBackgroundWork
{
    private static readonly TimeSpan Tick = TimeSpan.FromMinutes(10);

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await downloads.SweepAsync(cancellation).ConfigureAwait(false);
            await uploads.SweepAsync(database, cancellation).ConfigureAwait(false);
            await Task.Delay(Tick, time, cancellation).ConfigureAwait(false);
        }
    }
}
