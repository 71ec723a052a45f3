using Pipeline.Storage.State;
using Pipeline.Tools.Runs;

namespace Pipeline.Tools.Routing;

/// <summary>Counts calls of models that go on and belong to no claim of a step; the slice that makes them knows. Those of claims are counted already.</summary>
public interface ICallCounter
{
    ValueTask<IReadOnlyList<CallsUnderWay>> UnderWayAsync(IQuery query, IReadOnlyCollection<string> models);
}
