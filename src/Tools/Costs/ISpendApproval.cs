using Pipeline.Storage.State;

namespace Pipeline.Tools.Costs;

/// <summary>Tells what a human has given a step leave to spend. Declared here for budgets with a threshold; runs answer it.</summary>
public interface ISpendApproval
{
    /// <summary>The leave that stands; null when there is none, or it has run out.</summary>
    ValueTask<SpendLeave?> FindAsync(IQuery query, string runId, string stepId);
}

/// <summary>A leave to spend.</summary>
/// <param name="UpToMicros">What the step's calls may cost in all; null when no sum was named.</param>
public sealed record SpendLeave(long? UpToMicros);
