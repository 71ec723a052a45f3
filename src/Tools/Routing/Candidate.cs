using Pipeline.Tools.Models;

namespace Pipeline.Tools.Routing;

/// <summary>A model under consideration: what it would cost and take, and what speaks against it.</summary>
internal sealed record Candidate(ModelCard Card, long? CostMicros, double LatencySeconds, double Quality, double Reliability, IReadOnlyList<string> Against)
{
    public double Score { get; init; }

    public string Reasons => string.Join(" and ", Against);
}
