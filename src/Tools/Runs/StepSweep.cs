using Pipeline.Storage.State;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Runs;

/// <summary>Gives back the steps of workers that were not heard of again, ends attempts that took too long and rests that are over, within a second of when they are due.</summary>
internal sealed class StepSweep(IDatabase database, RunBook book, TimeProvider time) : IBackgroundWork
{
    private const int Batch = 20;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var (next, now) = await database.ReadAsync(
                async query => (await StepsTable.NextDueAsync(query, null).ConfigureAwait(false), query.NowMs), cancellation).ConfigureAwait(false);
            if (next <= now)
            {
                foreach (var workspace in await database.ReadAsync(query => StepsTable.DueWorkspacesAsync(query, Batch), cancellation).ConfigureAwait(false))
                {
                    await database.RelieveAsync(workspace, tx => ClaimQueue.PassTimeAsync(tx, book, workspace, Batch), cancellation).ConfigureAwait(false);
                }

                continue;
            }

            var pause = next is { } at && at - now < Tick.TotalMilliseconds ? TimeSpan.FromMilliseconds(at - now) : Tick;
            await Task.Delay(pause, time, cancellation).ConfigureAwait(false);
        }
    }
}
