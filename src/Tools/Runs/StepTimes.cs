using Pipeline.Storage.State;
using Pipeline.Tools.Plans;

namespace Pipeline.Tools.Runs;

/// <summary>What steps took within the last day.</summary>
internal sealed class StepTimes : IStepTimes
{
    private const long WindowMs = 24 * 60 * 60 * 1000L;
    private const int MostTimes = 500;

    public async ValueTask<IReadOnlyList<StepTime>> LatelyAsync(IQuery query, IReadOnlyCollection<string> models) =>
        models.Count == 0 ? [] : await AttemptsTable.TimesAsync(query, models, query.NowMs - WindowMs, MostTimes).ConfigureAwait(false);
}
