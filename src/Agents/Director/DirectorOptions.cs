using Pipeline.Agents.Connecting;
using Pipeline.Agents.ModelClients;

namespace Pipeline.Agents.Director;

/// <summary>What a director is to make, and where.</summary>
public sealed record DirectorOptions
{
    public required ServerAddress Server { get; init; }

    /// <summary>Its name inside its principal.</summary>
    public string Name { get; init; } = "director";

    /// <summary>Made when it is not there.</summary>
    public required string Workspace { get; init; }

    /// <summary>What is wanted, in plain words. Not needed to resume.</summary>
    public string? Brief { get; init; }

    /// <summary>The footage, <c>workspace/path</c>. Not needed to resume, nor when the film is generated.</summary>
    public string? Source { get; init; }

    /// <summary>Generate the film; null to cut it from <see cref="Source"/>.</summary>
    public GenerationWishes? Generation { get; init; }

    /// <summary>A transcript of it, when there is one.</summary>
    public string? Transcript { get; init; }

    /// <summary>Names what is made.</summary>
    public string Title { get; init; } = "film";

    public string? ExportPath { get; init; }

    public string? NotifyEvent { get; init; } = "delivery.ready";

    /// <summary>Continues <see cref="RunId"/>, or the newest unfinished production of the workspace; begins a new one when there is none.</summary>
    public bool Resume { get; init; }

    public string? RunId { get; init; }

    /// <summary>What the run may cost at most, in millionths; null for no bound of its own.</summary>
    public long? BudgetMicros { get; init; }

    /// <summary>The model that plans, compares and judges; null to go by rules.</summary>
    public ChatModel? Model { get; init; }

    /// <value>How often a model may try to write a plan that proves sound: 3.</value>
    public int PlanRounds { get; init; } = 3;

    /// <value>Tokens in and out that one film's conversation with the model may take: 600,000. Beyond it the director goes by rules.</value>
    public long MaxModelTokens { get; init; } = 600_000;

    public Standards Standards { get; init; } = new();

    /// <value>How long the server may be away: two minutes.</value>
    public TimeSpan Outage { get; init; } = TimeSpan.FromMinutes(2);

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
