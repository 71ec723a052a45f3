namespace Pipeline.Agents.Workers;

/// <summary>Something that happened at a worker, for whoever shows it.</summary>
/// <param name="Kind"><c>claimed</c>, <c>done</c>, <c>skipped</c>, <c>failed</c>, <c>dropped</c> or <c>waiting</c>.</param>
public sealed record WorkerEvent(string Worker, string Kind, string? RunId, string? StepId, string? Capability, string Text);
