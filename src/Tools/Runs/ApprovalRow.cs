namespace Pipeline.Tools.Runs;

/// <summary>One verdict. Verdicts are only ever added; the newest counts.</summary>
public sealed record ApprovalRow
{
    public const string Approve = "approve";
    public const string Reject = "reject";

    public string Workspace { get; init; } = "";
    public string RunId { get; init; } = "";
    public string StepId { get; init; } = "";
    public long Generation { get; init; }

    /// <summary>The address without its version; null for a leave to spend.</summary>
    public string? Asset { get; init; }
    public long? Version { get; init; }

    /// <summary>approve or reject.</summary>
    public string Verdict { get; init; } = "";
    public string? Note { get; init; }

    /// <summary>Of a leave to spend: what the step's calls may cost in all; null when no sum was named.</summary>
    public long? UpToMicros { get; init; }
    public string Principal { get; init; } = "";
    public string Agent { get; init; } = "";
    public long AtMs { get; init; }
}
