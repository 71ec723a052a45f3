using Pipeline.Storage.State;
using Pipeline.Tools.Costs;

namespace Pipeline.Tools.Runs;

/// <summary>The leave to spend, as the newest verdict about a step without an asset gives it.</summary>
internal sealed class SpendApproval : ISpendApproval
{
    public async ValueTask<bool> MaySpendAsync(IQuery query, string runId, string stepId) =>
        (await ApprovalsTable.NewestAsync(query, runId, stepId, null, null).ConfigureAwait(false))?.Verdict == ApprovalRow.Approve;
}
