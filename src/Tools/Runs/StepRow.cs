using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Runs;

/// <summary>A step as stored: <see cref="StepSnapshot"/> with whole numbers as the store has them, and what only the store needs.</summary>
public sealed record StepRow
{
    public string RunId { get; init; } = "";
    public string StepId { get; init; } = "";
    public string BaseId { get; init; } = "";
    public string Workspace { get; init; } = "";
    public string Capability { get; init; } = "";
    public long? ItemIndex { get; init; }
    public string? Item { get; init; }
    public string? SourceId { get; init; }
    public string State { get; init; } = "";
    public string? Reason { get; init; }
    public long Generation { get; init; }
    public long ReportedGeneration { get; init; }
    public long Failures { get; init; }
    public long LostClaims { get; init; }
    public long Repairs { get; init; }
    public long RepairsForgiven { get; init; }
    public long? NotBeforeMs { get; init; }
    public long? LeaseExpiresMs { get; init; }
    public long? DeadlineMs { get; init; }
    public string? Worker { get; init; }
    public string? Inputs { get; init; }
    public string? Outputs { get; init; }
    public string? Metrics { get; init; }
    public string? ErrorCode { get; init; }
    public string? ErrorMessage { get; init; }
    public string? Model { get; init; }

    /// <summary>JSON list; null when none.</summary>
    public string? FailedModels { get; init; }

    /// <summary>When time alone will change it: the end of its rest, its lease or its attempt.</summary>
    public long? DueAtMs { get; init; }

    /// <summary>Its place among the ready ones: the millisecond, then the order within it.</summary>
    public long? ReadyOrder { get; init; }
    public long? StartedAtMs { get; init; }
    public long? EndedAtMs { get; init; }

    public StepSnapshot Snapshot() => new()
    {
        StepId = StepId,
        BaseId = BaseId,
        ItemIndex = (int?)ItemIndex,
        Item = Item,
        SourceId = SourceId,
        State = Enum.Parse<StepState>(State, ignoreCase: true),
        Reason = Reason,
        Generation = Generation,
        ReportedGeneration = ReportedGeneration,
        Failures = (int)Failures,
        LostClaims = (int)LostClaims,
        Repairs = (int)Repairs,
        RepairsForgiven = (int)RepairsForgiven,
        NotBeforeMs = NotBeforeMs,
        LeaseExpiresMs = LeaseExpiresMs,
        DeadlineMs = DeadlineMs,
        Worker = Worker,
        Inputs = Inputs,
        Outputs = Outputs,
        Metrics = Metrics,
        ErrorCode = ErrorCode,
        ErrorMessage = ErrorMessage,
        Model = Model,
        FailedModels = FailedModels is null ? [] : Wire.Read<string[]>(FailedModels),
    };

    /// <summary>The row of a snapshot; <see cref="ReadyOrder"/>, <see cref="StartedAtMs"/> and <see cref="EndedAtMs"/> are the writer's.</summary>
    public static StepRow From(RunRow run, string capability, StepSnapshot step) => new()
    {
        RunId = run.RunId,
        StepId = step.StepId,
        BaseId = step.BaseId,
        Workspace = run.Workspace,
        Capability = capability,
        ItemIndex = step.ItemIndex,
        Item = step.Item,
        SourceId = step.SourceId,
        State = Wire.Name(step.State),
        Reason = step.Reason,
        Generation = step.Generation,
        ReportedGeneration = step.ReportedGeneration,
        Failures = step.Failures,
        LostClaims = step.LostClaims,
        Repairs = step.Repairs,
        RepairsForgiven = step.RepairsForgiven,
        NotBeforeMs = step.NotBeforeMs,
        LeaseExpiresMs = step.LeaseExpiresMs,
        DeadlineMs = step.DeadlineMs,
        Worker = step.Worker,
        Inputs = step.Inputs,
        Outputs = step.Outputs,
        Metrics = step.Metrics,
        ErrorCode = step.ErrorCode,
        ErrorMessage = step.ErrorMessage,
        Model = step.Model,
        FailedModels = step.FailedModels.Count == 0 ? null : Wire.Write(step.FailedModels),
        DueAtMs = step switch
        {
            { State: StepState.Claimed } => Math.Min(step.LeaseExpiresMs ?? long.MaxValue, step.DeadlineMs ?? long.MaxValue),
            { State: StepState.Waiting, Reason: Reasons.Backoff } => step.NotBeforeMs,
            _ => null,
        },
    };
}
