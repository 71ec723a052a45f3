namespace Pipeline.Tools.Events;

/// <summary>Something that happened in a workspace.</summary>
public sealed record Event
{
    /// <summary>Place in the order of events.</summary>
    public long Cursor { get; init; }
    public long AtMs { get; init; }
    public string Workspace { get; init; } = "";

    /// <summary>Dotted name, such as <c>asset.written</c> or <c>step.succeeded</c>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>What it happened to: an asset, a run, a lock.</summary>
    public string? Subject { get; init; }

    /// <summary>JSON object.</summary>
    public string Data { get; init; } = "{}";
}
