using System.Text.Json.Nodes;
using Pipeline.Tools.Models;

namespace Pipeline.Tools.Plans;

/// <summary>One step of a plan, as its author wrote it.</summary>
public sealed record PlanStep
{
    /// <summary>A letter, then letters, digits, <c>_</c> and <c>-</c>, all lower case, at most 64.</summary>
    public required string Id { get; init; }

    public required string Capability { get; init; }

    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>Literal values and texts with <c>${...}</c>.</summary>
    public JsonObject Inputs { get; init; } = [];

    /// <summary>A condition; false or null skips the step. Worked out for every item of a fan-out.</summary>
    public string? When { get; init; }

    /// <summary>A list expression or a literal list: the step is done once for every element.</summary>
    public JsonNode? ForEach { get; init; }

    /// <summary>How many of the needed steps must succeed; null means all.</summary>
    public int? Join { get; init; }

    public RetryRule Retry { get; init; } = new();

    /// <summary>How long one attempt may take.</summary>
    public double TimeoutSeconds { get; init; } = 3_600;

    public Tier? Tier { get; init; }

    /// <summary>The preferred model, then fallbacks.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>What else decides on the model, by what is known when the step is routed.</summary>
    public IReadOnlyList<RoutingRule> Rules { get; init; } = [];

    public QualityGate? Quality { get; init; }

    /// <summary>Null when no human is asked.</summary>
    public ApprovalRule? Approval { get; init; }

    public Expectation? Expect { get; init; }
}
