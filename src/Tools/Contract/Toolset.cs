namespace Pipeline.Tools.Contract;

/// <summary>The groups of tools that a server can be started with.</summary>
public enum Toolset
{
    Storage,
    Locks,
    Webhooks,
    Index,
    Media,
    Routing,
    Runs,
    Admin,
}
