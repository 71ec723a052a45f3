using Pipeline.Tools.Runs;

namespace Pipeline.Tools.Routing;

/// <summary>What is stored of how models fared.</summary>
public sealed record HealthRecords
{
    /// <summary>Finished claims with a model, newest first.</summary>
    public IReadOnlyList<AttemptRow> Attempts { get; init; } = [];

    /// <summary>Calls, newest first.</summary>
    public IReadOnlyList<OutcomeRow> Outcomes { get; init; } = [];

    public IReadOnlyDictionary<(string Provider, string Model), Breaker> Breakers { get; init; } = new Dictionary<(string, string), Breaker>();

    /// <summary>Results that were accepted, with what was measured of them.</summary>
    public IReadOnlyList<AcceptedResult> Accepted { get; init; } = [];
}
