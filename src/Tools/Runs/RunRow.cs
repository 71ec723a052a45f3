namespace Pipeline.Tools.Runs;

/// <summary>A run as stored, without its steps.</summary>
public sealed record RunRow
{
    public string RunId { get; init; } = "";
    public string PlanId { get; init; } = "";
    public string Workspace { get; init; } = "";
    public string State { get; init; } = "";
    public string Principal { get; init; } = "";
    public string Agent { get; init; } = "";

    /// <summary>JSON object.</summary>
    public string? Inputs { get; init; }

    /// <summary>The most it may spend; null for no limit.</summary>
    public long? BudgetMicros { get; init; }

    /// <summary>Another with every change of the run or of its steps: who remembers the run knows by it whether the memory still holds.</summary>
    public string Stamp { get; init; } = "";
    public long CreatedAtMs { get; init; }
    public long? EndedAtMs { get; init; }

    /// <summary>When its intermediates are to be looked at; null while it goes on, and when none are left.</summary>
    public long? ExpireAtMs { get; init; }

    /// <summary>Finished media that it came to; null while it goes on.</summary>
    public long? DeliveredMs { get; init; }

    /// <summary>Intermediates that have expired, and their sizes added up.</summary>
    public long Expired { get; init; }
    public long ExpiredBytes { get; init; }
}
