namespace Pipeline.Tools.Runs;

/// <summary>One step of a run as stored: a step of the plan, one item of a fan-out, or one repair. JSON is kept as text.</summary>
public sealed record StepSnapshot
{
    /// <summary><c>id</c>; <c>id[3]</c> for an item; <c>repair:id[3]:1</c> for the first repair of that item.</summary>
    public required string StepId { get; init; }

    /// <summary>The plan's step that says what to do.</summary>
    public required string BaseId { get; init; }

    /// <summary>The place in the fan-out, from 0.</summary>
    public int? ItemIndex { get; init; }

    /// <summary>The element of the fan-out, JSON.</summary>
    public string? Item { get; init; }

    /// <summary>For a repair, the step whose result it mends.</summary>
    public string? SourceId { get; init; }

    public required StepState State { get; init; }

    /// <summary>One of <see cref="Reasons"/>, or what a worker gave.</summary>
    public string? Reason { get; init; }

    /// <summary>Grows with every claim; a report with another generation is refused.</summary>
    public long Generation { get; init; }

    /// <summary>The generation whose report was taken last; the same report again changes nothing.</summary>
    public long ReportedGeneration { get; init; }

    /// <summary>Attempts that failed, by report, by timeout or by quality.</summary>
    public int Failures { get; init; }

    /// <summary>Claims whose worker was not heard of again.</summary>
    public int LostClaims { get; init; }

    /// <summary>Repairs begun for this step's result.</summary>
    public int Repairs { get; init; }

    /// <summary>How many of them belong to the time before the step was retried by hand.</summary>
    public int RepairsForgiven { get; init; }

    /// <summary>Unix milliseconds before which it is not handed out again.</summary>
    public long? NotBeforeMs { get; init; }

    public long? LeaseExpiresMs { get; init; }

    /// <summary>Unix milliseconds at which this attempt times out.</summary>
    public long? DeadlineMs { get; init; }

    public string? Worker { get; init; }

    /// <summary>The inputs with every expression worked out, JSON; fixed when the step is released.</summary>
    public string? Inputs { get; init; }

    /// <summary>What the accepted attempt gave (or the last one below the bar), JSON.</summary>
    public string? Outputs { get; init; }

    public string? Metrics { get; init; }

    public string? ErrorCode { get; init; }

    public string? ErrorMessage { get; init; }

    public string? Model { get; init; }

    /// <summary>Models that already failed this step; the router leaves them out.</summary>
    public IReadOnlyList<string> FailedModels { get; init; } = [];

    /// <summary>Whether it is over; only control_run opens it again.</summary>
    public bool IsSettled => State is StepState.Succeeded or StepState.Failed or StepState.Skipped or StepState.Cancelled;

    /// <summary>Whether those who need it may go on.</summary>
    public bool IsSatisfied => State == StepState.Succeeded || (State == StepState.Skipped && Reason != Reasons.NeedFailed);

    /// <summary>Whether it was passed over without anything having failed.</summary>
    public bool IsPassedOver => State == StepState.Skipped && Reason != Reasons.NeedFailed;
}
