using System.Text.Json.Nodes;

namespace Pipeline.Tools.Runs;

/// <summary>Something that happens to a run.</summary>
public abstract record RunEvent;

/// <summary>The run begins: steps without needs are released.</summary>
public sealed record RunStarted : RunEvent;

/// <summary>Time has passed: leases expire, attempts time out, rests end.</summary>
public sealed record TimePassed : RunEvent;

public sealed record StepClaimed(string StepId, string Worker, long LeaseMs) : RunEvent;

public sealed record StepRenewed(string StepId, long Generation, long LeaseMs) : RunEvent;

/// <summary>A worker reports a result.</summary>
public sealed record StepCompleted(string StepId, long Generation, JsonObject? Outputs, JsonObject? Metrics, string? Model = null) : RunEvent;

/// <summary>A worker reports that it could not do it; <paramref name="RetryAfterMs"/> is what a provider asked for.</summary>
public sealed record StepFailed(string StepId, long Generation, string Code, string Message, bool Retryable, string? Model = null, long RetryAfterMs = 0) : RunEvent;

/// <summary>A worker reports that there is nothing it could do here and that this is no failure, as <c>no_transcriber</c>.</summary>
public sealed record StepPassedOver(string StepId, long Generation, string Reason) : RunEvent;

/// <summary>A human approves what a step waits with: its result, or that it may spend.</summary>
public sealed record StepApproved(string StepId) : RunEvent;

/// <summary>A human rejects it. A result is done again while attempts are left, with <paramref name="Note"/> in its inputs.</summary>
public sealed record StepRejected(string StepId, string? Note) : RunEvent;

public sealed record RunPaused : RunEvent;

public sealed record RunResumed : RunEvent;

public sealed record RunCancelled : RunEvent;

/// <summary>Does a failed step again, and what was skipped because of it; a resting one at once.</summary>
public sealed record StepRetried(string StepId) : RunEvent;

/// <summary>Passes over a step that is not done, or one that failed.</summary>
public sealed record StepSkipped(string StepId) : RunEvent;
