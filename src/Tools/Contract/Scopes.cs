namespace Pipeline.Tools.Contract;

/// <summary>
/// What transactions are serialised on when it is not one workspace, whose name is its own scope. No workspace is called like one of these.
/// </summary>
public static class Scopes
{
    /// <summary>Everything: for what reads or writes in several workspaces and decides on it.</summary>
    public const string Everything = "";

    /// <summary>The log above workspaces, for entries that come with no other effect.</summary>
    public const string AboveWorkspaces = "/";

    /// <summary>Claims of webhook deliveries, and the forgetting of old ones.</summary>
    public const string Webhooks = "/webhooks";

    /// <summary>Claims of arrivals.</summary>
    public const string Arrivals = "/arrivals";

    /// <summary>The forgetting of locks.</summary>
    public const string Locks = "/locks";

    /// <summary>Claims of jobs.</summary>
    public const string Jobs = "/jobs";

    /// <summary>The forgetting of uploads and downloads, and the key that signs links.</summary>
    public const string Transfers = "/transfers";

    /// <summary>The cards of models, and the split of their traffic.</summary>
    public const string Models = "/models";

    /// <summary>What an agent has seen.</summary>
    public static string Agent(string principal, string agent) => $"/agent/{principal}/{agent}";

    /// <summary>One workspace, or everything when there are several.</summary>
    public static string Of(IEnumerable<string> workspaces) => workspaces.Distinct(StringComparer.Ordinal).ToList() is [var one] ? one : Everything;
}
