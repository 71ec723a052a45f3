namespace Pipeline.Tools.Calls;

/// <summary>What a principal may do in the workspaces that it sees.</summary>
public enum Role
{
    /// <summary>Reads and searches.</summary>
    Reader,

    /// <summary>Also writes, locks, runs.</summary>
    Member,

    /// <summary>Also breaks locks, registers models, sets budgets, transfers ownership.</summary>
    Admin,
}
