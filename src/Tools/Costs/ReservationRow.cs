namespace Pipeline.Tools.Costs;

/// <summary>One call's claim on the budgets that cover it. Money in millionths of a dollar.</summary>
public sealed record ReservationRow
{
    public string ReservationId { get; init; } = "";
    public string Workspace { get; init; } = "";
    public string? RunId { get; init; }
    public string? StepId { get; init; }
    public string Principal { get; init; } = "";
    public string Agent { get; init; } = "";
    public string Provider { get; init; } = "";
    public string Model { get; init; } = "";
    public string Request { get; init; } = "";

    /// <summary>The claim of the step under which it was ordered; null outside of one, and for what a worker reported.</summary>
    public long? Generation { get; init; }
    public long BoundMicros { get; init; }

    /// <summary>Null while it is not known.</summary>
    public long? ActualMicros { get; init; }

    /// <summary>One of <see cref="ReservationState"/>.</summary>
    public string State { get; init; } = "";
    public long AtMs { get; init; }

    /// <summary>What counts as spent because of it.</summary>
    public long Spent => State switch { ReservationState.Settled => ActualMicros ?? BoundMicros, ReservationState.Assumed => BoundMicros, _ => 0 };

    /// <summary>What is held for it.</summary>
    public long Reserved => State == ReservationState.Open ? BoundMicros : 0;
}
