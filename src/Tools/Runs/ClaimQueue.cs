using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Plans;

namespace Pipeline.Tools.Runs;

/// <summary>Hands out steps, waiting for one when the caller wants to. Between looks nothing is held: the call sleeps until steps are signalled or time is due.</summary>
internal sealed class ClaimQueue(Call call, RunBook book, SharedLooks looks, Patience patience, TimeProvider time)
{
    private const int MostDueRuns = 20;

    /// <summary>Claims the step that has been ready for longest, or gives null when there is none within <paramref name="wait"/>.</summary>
    /// <param name="workspace">Whose steps; null for those of all that the caller sees.</param>
    /// <param name="capabilities">What the caller can do.</param>
    /// <param name="leaseMs">For how long it is the caller's.</param>
    /// <param name="wait">How long to wait for one.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<ClaimedStep?> ClaimAsync(string? workspace, IReadOnlyCollection<string> capabilities, long leaseMs, TimeSpan wait, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        string? inVain = null;
        while (true)
        {
            var called = wait > TimeSpan.Zero ? call.Database.Signals.Ticket(workspace is null ? StepsTable.AnyChannel : StepsTable.Channel(workspace)) : Task.CompletedTask;
            var look = workspace is null
                ? await call.Database.ReadAsync(query => LookAroundAsync(query, capabilities), cancellation).ConfigureAwait(false)
                : await LookAsync(workspace, capabilities).ConfigureAwait(false);
            // Only who has seen something to take asks the one writer.
            if (look.Where is { } where && await TakeOrPassOnAsync(where, capabilities, leaseMs, cancellation).ConfigureAwait(false) is { Step: { } step }) return step;
            // What was seen there is another's now; there may be more elsewhere.
            if (workspace is null && look.Where is not null && look.Where != inVain)
            {
                inVain = look.Where;
                continue;
            }

            inVain = null;
            var left = patience.Left(wait, began);
            if (left <= TimeSpan.Zero) return null;
            await patience.WaitAsync(called, look.Sleep is { } sleep && sleep < left ? sleep : left, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The caller's own claim as it is now.</summary>
    /// <exception cref="SupersededError">It has ended or is another's.</exception>
    public Task<ClaimedStep> CurrentAsync(ClaimedStep claimed, CancellationToken cancellation) => call.Database.ReadAsync(async query =>
    {
        var row = await RunsTable.RequireAsync(query, call.Caller, claimed.RunId).ConfigureAwait(false);
        var run = await book.LoadAsync(query, row).ConfigureAwait(false);
        var step = run.Steps[claimed.StepId];
        return step.State == StepState.Claimed && step.Generation == claimed.Generation ? Show(row, run, step) : throw new SupersededError(step, claimed.Generation);
    }, cancellation);

    // One look for all who wait here for the same; of those, as many go on as there are steps.
    private async Task<Outlook> LookAsync(string workspace, IReadOnlyCollection<string> capabilities)
    {
        var what = string.Join('\n', capabilities.Order(StringComparer.Ordinal).Prepend(workspace));
        var (seen, place) = await looks.JoinAsync(what, callers => call.Database.ReadAsync(query => LookAsync(query, workspace, capabilities, callers), CancellationToken.None)).ConfigureAwait(false);
        return new(place < seen.Steps ? workspace : null, seen.Sleep);
    }

    // Who was to take a step and could not leaves it to the others, who sleep.
    private async Task<ClaimResult?> TakeOrPassOnAsync(string workspace, IReadOnlyCollection<string> capabilities, long leaseMs, CancellationToken cancellation)
    {
        try
        {
            return await TakeAsync(workspace, capabilities, leaseMs, cancellation).ConfigureAwait(false);
        }
        catch
        {
            call.Database.Signals.Raise(StepsTable.Channel(workspace));
            throw;
        }
    }

    private Task<ClaimResult?> TakeAsync(string workspace, IReadOnlyCollection<string> capabilities, long leaseMs, CancellationToken cancellation) =>
        call.TryCommitAsync<ClaimResult>(workspace, null, async tx =>
        {
            await PassTimeAsync(tx, book, workspace, MostDueRuns).ConfigureAwait(false);
            if (await StepsTable.OldestReadyAsync(tx, workspace, capabilities, call.Database.Dialect.SkipLocked).ConfigureAwait(false) is not { } ready) return null;
            var row = (await RunsTable.FindAsync(tx, ready.RunId).ConfigureAwait(false))!;
            var worker = new WorkerName(call.Caller.Principal, call.Agent).ToString();
            var run = await book.AdvanceAsync(tx, row, new StepClaimed(ready.StepId, worker, leaseMs)).ConfigureAwait(false);
            return new ClaimResult(Show(row, run, run.Steps[ready.StepId]));
        }, cancellation, result => new { result.Step!.RunId, result.Step.StepId, result.Step.Generation });

    /// <summary>Lets time pass in the runs where something is due: claims end, rests end.</summary>
    internal static async ValueTask<int> PassTimeAsync(ITransaction tx, RunBook book, string workspace, int limit)
    {
        var due = await StepsTable.DueRunsAsync(tx, workspace, limit).ConfigureAwait(false);
        foreach (var runId in due)
        {
            var row = (await RunsTable.FindAsync(tx, runId).ConfigureAwait(false))!;
            await book.AdvanceAsync(tx, row, new TimePassed()).ConfigureAwait(false);
        }

        return due.Count;
    }

    // Where time has something to change, one must go and let it pass.
    private static async ValueTask<Sight> LookAsync(IQuery query, string workspace, IReadOnlyCollection<string> capabilities, int callers)
    {
        var due = await StepsTable.NextDueAsync(query, workspace).ConfigureAwait(false);
        var ready = await StepsTable.CountReadyAsync(query, workspace, capabilities, callers).ConfigureAwait(false);
        return new(due <= query.NowMs ? Math.Max(1, ready) : ready, due is { } at ? TimeSpan.FromMilliseconds(Math.Max(1, at - query.NowMs)) : null);
    }

    // Time passes in all workspaces by the sweep, which is signalled like everything else.
    private async ValueTask<Outlook> LookAroundAsync(IQuery query, IReadOnlyCollection<string> capabilities) =>
        new((await StepsTable.ReadyWorkspacesAsync(query, capabilities).ConfigureAwait(false)).FirstOrDefault(call.Caller.Sees), null);

    private static ClaimedStep Show(RunRow row, RunSnapshot run, StepSnapshot step)
    {
        var plan = run.Graph.Step(step.BaseId);
        return ClaimedStep.From(row, plan, step, Bar(run, plan, step));
    }

    // A repair without a bar of its own must reach that of the step it mends.
    private static QualityGate? Bar(RunSnapshot run, PlanStep plan, StepSnapshot step) =>
        plan.Quality ?? (step.SourceId is { } source ? run.Graph.Step(run.Steps[source].BaseId).Quality : null);

    private sealed record Outlook(string? Where, TimeSpan? Sleep);

    private sealed record Sight(long Steps, TimeSpan? Sleep);
}
