using Pipeline.Storage.State;

namespace Pipeline.Tools.Plans;

/// <summary>What steps took lately. Runs know it.</summary>
public interface IStepTimes
{
    /// <summary>The newest accepted results of some models, newest first.</summary>
    ValueTask<IReadOnlyList<StepTime>> LatelyAsync(IQuery query, IReadOnlyCollection<string> models);
}
