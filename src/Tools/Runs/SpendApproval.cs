using Pipeline.Storage.State;
using Pipeline.Tools.Costs;

namespace Pipeline.Tools.Runs;

/// <summary>The leave to spend, as the newest verdict about a step without an asset gives it; it runs out after a week.</summary>
internal sealed class SpendApproval : ISpendApproval
{
    private const long LastsMs = 7L * 24 * 60 * 60 * 1000;

    public async ValueTask<SpendLeave?> FindAsync(IQuery query, string runId, string stepId) =>
        await ApprovalsTable.NewestAsync(query, runId, stepId, null, null).ConfigureAwait(false) is { Verdict: ApprovalRow.Approve } leave && Stands(leave, query.NowMs) ? new(leave.UpToMicros) : null;

    /// <summary>Whether a leave has not run out.</summary>
    public static bool Stands(ApprovalRow leave, long nowMs) => nowMs - leave.AtMs < LastsMs;
}
