namespace Pipeline.Tools.Costs;

/// <summary>One thing paid for, or done for free: a line of the ledger. Lines are only ever added.</summary>
public sealed record Charge
{
    public string Workspace { get; init; } = "";
    public string? RunId { get; init; }
    public string? StepId { get; init; }
    public string? Capability { get; init; }
    public string? Model { get; init; }
    public string? Provider { get; init; }
    public string? Tier { get; init; }

    /// <summary>What was asked of the vendor: a job or a request id.</summary>
    public string? Request { get; init; }

    /// <summary>Millionths of a dollar.</summary>
    public long CostMicros { get; init; }

    /// <summary>What the same work would have cost on the dearest fit model; null when that is not known.</summary>
    public long? PremiumMicros { get; init; }

    /// <summary>Null when the result was accepted; otherwise why the money is gone.</summary>
    public string? Waste { get; init; }
    public long AtMs { get; init; }
}
