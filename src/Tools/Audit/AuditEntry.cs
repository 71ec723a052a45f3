namespace Pipeline.Tools.Audit;

/// <summary>One line of a workspace's administrative log: who did what to which thing, and how it ended.</summary>
/// <param name="Workspace">The chain it belongs to; empty for what is above workspaces.</param>
/// <param name="Principal">Who is accountable: the holder of the key.</param>
/// <param name="Agent">Who acted on the principal's behalf.</param>
/// <param name="Tool">The tool called.</param>
/// <param name="Asset">The thing acted on, if one.</param>
/// <param name="Outcome"><c>ok</c>, or the code of the refusal.</param>
/// <param name="Detail">JSON with what else matters; never a secret.</param>
public sealed record AuditEntry(string Workspace, string Principal, string Agent, string Tool, string? Asset, string Outcome, string? Detail);
