namespace Pipeline.Tools.Routing;

/// <summary>A decision as stored, with what it was made from.</summary>
public sealed record DecisionRow
{
    public string DecisionId { get; init; } = "";
    public string? Workspace { get; init; }
    public string? RunId { get; init; }
    public string? StepId { get; init; }
    public string Principal { get; init; } = "";
    public string Agent { get; init; } = "";
    public string Capability { get; init; } = "";

    /// <summary>JSON object: what was asked.</summary>
    public string Inputs { get; init; } = "{}";

    /// <summary><see cref="Constraints"/> as JSON.</summary>
    public string Constraints { get; init; } = "{}";
    public string Model { get; init; } = "";
    public string Provider { get; init; } = "";
    public string Tier { get; init; } = "";
    public string Reason { get; init; } = "";
    public long EstimatedCostMicros { get; init; }
    public double EstimatedLatencySeconds { get; init; }
    public long? PremiumCostMicros { get; init; }

    /// <summary>The whole <see cref="Decision"/> as JSON, alternatives included.</summary>
    public string Document { get; init; } = "{}";
    public long AtMs { get; init; }

    /// <summary>The hash of the catalogue that it was made from; null for decisions older than that.</summary>
    public string? Catalogue { get; init; }

    /// <summary>The <see cref="DecisionGiven"/> as JSON: with the catalogue, all that it takes to make it again.</summary>
    public string? Given { get; init; }
    public string? ShadowModel { get; init; }
}
