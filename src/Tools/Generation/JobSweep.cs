using Pipeline.Storage.State;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Generation;

/// <summary>Forgets jobs that ended long ago.</summary>
internal sealed class JobSweep(IDatabase database, GenerationOptions options, TimeProvider time) : IBackgroundWork
{
    private const int Batch = 200;

    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            while (await database.RelieveAsync(Scopes.Jobs, ForgetAsync, cancellation).ConfigureAwait(false) == Batch)
            {
            }

            await Task.Delay(Pause, time, cancellation).ConfigureAwait(false);
        }
    }

    private ValueTask<int> ForgetAsync(ITransaction tx) => JobsTable.ForgetAsync(tx, tx.NowMs - (long)options.Kept.TotalMilliseconds, Batch);
}
