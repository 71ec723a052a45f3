namespace Pipeline.Tools.Models;

/// <summary>One model as data: what it can do, within which limits, for which price.</summary>
public sealed record ModelCard
{
    /// <summary>The name by which plans and decisions refer to it, unique in the catalogue.</summary>
    public required string Id { get; init; }

    public required string Version { get; init; }

    public required string Provider { get; init; }

    public required ModelKind Kind { get; init; }

    /// <summary>The capabilities of steps it can do, such as <c>denoise</c> or <c>generate_video</c>.</summary>
    public required IReadOnlyList<string> Capabilities { get; init; }

    /// <summary>Every kind of input it accepts.</summary>
    public required IReadOnlyList<MediaKind> Inputs { get; init; }

    /// <summary>The kinds of input it cannot do without: an image-to-video model requires an image.</summary>
    public IReadOnlyList<MediaKind> Requires { get; init; } = [];

    public required IReadOnlyList<MediaKind> Outputs { get; init; }

    public ModelLimits Limits { get; init; } = new();

    /// <summary>The price, or null when it is not known; a model without a price is never called.</summary>
    public ModelPrice? Price { get; init; }

    public required Tier Tier { get; init; }

    public ModelRate Rate { get; init; } = new();

    public required ModelLatency Latency { get; init; }

    /// <summary>What is believed of its quality before it was measured here, 0 to 1.</summary>
    public required double Quality { get; init; }

    /// <summary>The first day on which it can no longer be called.</summary>
    public DateOnly? RetiresOn { get; init; }

    /// <summary>How it works, or what an operator should know, in one line.</summary>
    public string? Note { get; init; }

    /// <summary>Whether it can no longer be called on <paramref name="day"/>.</summary>
    public bool IsRetired(DateOnly day) => RetiresOn is { } end && day >= end;
}
