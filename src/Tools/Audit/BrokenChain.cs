namespace Pipeline.Tools.Audit;

/// <summary>An audit chain with an entry that is missing or not as it was written.</summary>
/// <param name="Workspace">Whose log; empty for what is above workspaces.</param>
/// <param name="Sequence">The first such entry.</param>
public sealed record BrokenChain(string Workspace, long Sequence);
