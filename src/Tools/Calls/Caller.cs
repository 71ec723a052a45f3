namespace Pipeline.Tools.Calls;

/// <summary>Who is calling and within which limits. It comes from the door (key or connection), never from an argument.</summary>
/// <param name="Principal">Who is accountable.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Workspaces">The workspaces that it sees; null for all.</param>
/// <param name="Egress">Whether the server may send requests to public addresses on its behalf.</param>
/// <param name="ImportRoots">Directories that import may read; a connection can only narrow the server's own.</param>
/// <param name="ExportRoots">Directories that export may write.</param>
public sealed record Caller(
    string Principal, Role Role, IReadOnlyCollection<string>? Workspaces, bool Egress, IReadOnlyList<string> ImportRoots, IReadOnlyList<string> ExportRoots)
{
    public bool Sees(string workspace) => Workspaces is null || Workspaces.Contains(workspace);
}
