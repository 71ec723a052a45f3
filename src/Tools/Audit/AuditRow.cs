namespace Pipeline.Tools.Audit;

/// <summary>An entry as stored, with its place in the chain.</summary>
public sealed record AuditRow
{
    public long Sequence { get; init; }
    public long AtMs { get; init; }
    public string Workspace { get; init; } = "";
    public string Principal { get; init; } = "";
    public string Agent { get; init; } = "";
    public string Tool { get; init; } = "";
    public string? Asset { get; init; }
    public string Outcome { get; init; } = "";
    public string? Detail { get; init; }
    public string Hash { get; init; } = "";
}
