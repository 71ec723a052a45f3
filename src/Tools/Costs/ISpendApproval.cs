using Pipeline.Storage.State;

namespace Pipeline.Tools.Costs;

/// <summary>Tells whether a human has approved that a step spends. Declared here for budgets with a threshold; runs answer it.</summary>
public interface ISpendApproval
{
    ValueTask<bool> MaySpendAsync(IQuery query, string runId, string stepId);
}
