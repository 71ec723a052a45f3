using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Workers;

/// <summary>What a worker is and where it works.</summary>
public sealed record WorkerOptions
{
    public required ServerAddress Server { get; init; }

    /// <summary>Whose runs it works on; null for those of every workspace that its key sees.</summary>
    public string? Workspace { get; init; }

    /// <summary>Its name inside its principal; two workers must not share one.</summary>
    public string Name { get; init; } = Intent.Name("worker");

    /// <summary>The capabilities it offers; all it has a craft for when empty, less what a director does itself (<c>compare</c>).</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <value>Steps at a time, 1 by default.</value>
    public int Concurrency { get; init; } = 1;

    /// <value>How long a claim and a lock last without renewal: 30 s, so that what a killed worker held is free again soon.</value>
    public double LeaseSeconds { get; init; } = 30;

    /// <value>How long one call waits for a step, 0 to 45 s.</value>
    public double WaitSeconds { get; init; } = 20;

    /// <value>How long steps in hand may go on once the worker is asked to end: 20 s.</value>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(20);

    /// <value>How long the server may be away: two minutes.</value>
    public TimeSpan Outage { get; init; } = TimeSpan.FromMinutes(2);

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
