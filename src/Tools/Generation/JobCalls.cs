using Pipeline.Storage.State;
using Pipeline.Tools.Routing;
using Pipeline.Tools.Runs;

namespace Pipeline.Tools.Generation;

/// <summary>Tells routing how busy models are with calls that no step's claim stands for.</summary>
internal sealed class JobCalls : ICallCounter
{
    public ValueTask<IReadOnlyList<CallsUnderWay>> UnderWayAsync(IQuery query, IReadOnlyCollection<string> models) => JobsTable.UnderWayAsync(query, models);
}
