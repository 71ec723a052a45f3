namespace Pipeline.McpServer.Auth;

/// <summary>What a principal may do, in rising order.</summary>
public enum Role
{
    /// <summary>Looks, changes nothing.</summary>
    Reader,

    /// <summary>Works in its workspaces.</summary>
    Member,

    /// <summary>Everything, in every workspace.</summary>
    Admin,
}
