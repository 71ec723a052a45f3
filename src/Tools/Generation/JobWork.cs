using Microsoft.Extensions.Logging;
using Pipeline.Storage.State;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Routing;

namespace Pipeline.Tools.Generation;

/// <summary>
/// Works on jobs that are due: claims them with a lease and a fencing number, sends no more to a model than its card allows, and sleeps until a commit
/// brings more, one ends, or the next is due. A node that dies leaves claims that lapse.
/// </summary>
internal sealed class JobWork(IDatabase database, JobAttempt attempt, GenerationOptions options, TimeProvider time, ILoggerFactory logs) : IBackgroundWork
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private readonly ILogger _log = logs.CreateLogger<JobWork>();

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var cut = new CancellationTokenSource();
        var underWay = new List<Task>();
        try
        {
            if (database.Node.Length == 0)
            {
                await database.TransactAsync(Scopes.Jobs, JobsTable.FreeClaimsAsync, cancellation).ConfigureAwait(false);
            }

            while (true)
            {
                var news = database.Signals.Ticket(JobsTable.Channel); // before the look, so that nothing between is missed
                underWay.RemoveAll(task => task.IsCompleted);
                var claimed = await ClaimAsync(options.MaxInFlight - underWay.Count, cancellation).ConfigureAwait(false);
                underWay.AddRange(claimed.Select(one => Task.Run(() => WorkAsync(one.Job, one.IsFresh, cut.Token), CancellationToken.None)));
                if (claimed.Count == 0)
                {
                    await Signals.WaitAsync(news, await SleepAsync(cancellation).ConfigureAwait(false), time, cancellation).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            cut.CancelAfter(options.StopGrace);
            await Task.WhenAll(underWay).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<IReadOnlyList<(JobRow Job, bool IsFresh)>> ClaimAsync(int free, CancellationToken cancellation)
    {
        var due = free > 0 && await database.ReadAsync(async query => await JobsTable.NextDueAsync(query).ConfigureAwait(false) <= query.NowMs, cancellation).ConfigureAwait(false);
        return due ? await database.TransactAsync(Scopes.Jobs, tx => ClaimAsync(tx, free), cancellation).ConfigureAwait(false) : [];
    }

    private async ValueTask<IReadOnlyList<(JobRow Job, bool IsFresh)>> ClaimAsync(ITransaction tx, int free)
    {
        var leaseMs = (long)options.Lease.TotalMilliseconds;
        var claimed = new List<(JobRow, bool)>();
        claimed.AddRange((await JobsTable.ClaimDueAsync(tx, database.Dialect, leaseMs, free).ConfigureAwait(false)).Select(job => (job, false)));
        foreach (var queue in await JobsTable.QueuesAsync(tx).ConfigureAwait(false))
        {
            claimed.AddRange((await ClaimPlannedAsync(tx, queue, leaseMs, free - claimed.Count).ConfigureAwait(false)).Select(job => (job, true)));
        }

        if (claimed.Count < free)
        {
            claimed.AddRange((await JobsTable.ClaimImpatientAsync(tx, database.Dialect, leaseMs, free - claimed.Count).ConfigureAwait(false)).Select(job => (job, false)));
        }

        return claimed;
    }

    // As many as the model takes at once, by its card and by how it fared.
    private async ValueTask<IReadOnlyList<JobRow>> ClaimPlannedAsync(ITransaction tx, ModelQueue queue, long leaseMs, int free)
    {
        var turns = await BreakersTable.AdmitAsync(tx, queue.Provider, queue.Model, await SendsTable.FreeAsync(tx, queue, free).ConfigureAwait(false)).ConfigureAwait(false);
        if (turns == 0)
        {
            return [];
        }

        var claimed = await JobsTable.ClaimPlannedAsync(tx, database.Dialect, queue.Provider, queue.Model, leaseMs, turns).ConfigureAwait(false);
        if (claimed.Count == 0)
        {
            await BreakersTable.GiveBackAsync(tx, queue.Provider, queue.Model).ConfigureAwait(false);
        }

        foreach (var job in claimed)
        {
            await SendsTable.AddAsync(tx, job.Provider, job.Model).ConfigureAwait(false);
        }

        return claimed;
    }

    private async Task<TimeSpan> SleepAsync(CancellationToken cancellation) => await database.ReadAsync(async query =>
    {
        if (await JobsTable.NextDueAsync(query).ConfigureAwait(false) is not { } due)
        {
            return LongestSleep;
        }

        // What is due and was not claimed waits for a model's turn.
        var left = TimeSpan.FromMilliseconds(due - query.NowMs);
        return left <= TimeSpan.Zero ? Beat : left < LongestSleep ? left : LongestSleep;
    }, cancellation).ConfigureAwait(false);

    private async Task WorkAsync(JobRow job, bool isFresh, CancellationToken cut)
    {
        try
        {
            await attempt.RunAsync(job, isFresh, cut).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cut.IsCancellationRequested)
        {
            // As it is stored, so the next node finds it.
        }
        catch (Exception fault)
        {
            _log.LogError(fault, "The work on {JobId} broke off; it is taken up again when its claim lapses", job.JobId);
        }
        finally
        {
            database.Signals.Raise(JobsTable.Channel);
        }
    }
}
