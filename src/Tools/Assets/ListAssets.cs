using ModelContextProtocol.Server;
using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Locks;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Assets;

[Tool(Toolset.Storage)]
internal sealed partial class ListAssets(Call call)
{
    /// <summary>Lists a workspace's current assets by path, and who holds a lock on each.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="prefix">Only paths that begin so, such as "shots/".</param>
    /// <param name="cursor">From the page before.</param>
    /// <param name="limit">1 to 100.</param>
    [McpServerTool(Name = "list_assets", Title = "List assets", ReadOnly = true, Destructive = false, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<AssetList> RunAsync(
        string workspace, string? prefix = null, string? cursor = null, int limit = 50, CancellationToken cancellation = default)
    {
        Limits.Page(limit);
        var start = Normal(prefix);
        return await call.Database.ReadAsync(async query =>
        {
            await WorkspacesTable.RequireAsync(query, call.Caller, workspace).ConfigureAwait(false);
            var rows = await AssetsTable.PageAsync(query, workspace, start, cursor ?? "", limit + 1).ConfigureAwait(false);
            AssetRow[] page = [.. rows.Take(limit)];
            var holders = await HoldersAsync(query, workspace, page).ConfigureAwait(false);
            return new AssetList([.. page.Select(row => AssetListing.From(row, holders.GetValueOrDefault(row.Path)))], rows.Count > limit ? page[^1].Path : null);
        }, cancellation).ConfigureAwait(false);
    }

    private static async ValueTask<Dictionary<string, string>> HoldersAsync(IQuery query, string workspace, IReadOnlyCollection<AssetRow> page)
    {
        var held = await LocksTable.HeldAsync(query, workspace, [.. page.Select(row => row.Path)]).ConfigureAwait(false);
        return held.GroupBy(row => row.Path, StringComparer.Ordinal).ToDictionary(locks => locks.Key, locks => locks.First().Agent, StringComparer.Ordinal);
    }

    private static string Normal(string? prefix)
    {
        try
        {
            return prefix is null ? "" : Nfc.Of(prefix);
        }
        catch (ArgumentException)
        {
            throw new InvalidArgumentError("prefix", "The prefix is not valid Unicode.");
        }
    }
}

/// <summary>A page of assets by path.</summary>
/// <param name="Assets">The current versions.</param>
/// <param name="Cursor">Where the next page begins; absent on the last.</param>
public sealed record AssetList(IReadOnlyList<AssetListing> Assets, string? Cursor);

/// <summary>One asset in a listing.</summary>
public sealed record AssetListing(string Asset, long Version, long SizeBytes, string MediaType, DateTimeOffset ModifiedAt, string? LockedBy)
{
    internal static AssetListing From(AssetRow row, string? lockedBy) =>
        new($"{row.Workspace}/{row.Path}", row.Version, row.SizeBytes, row.MediaType, Instant.From(row.CreatedAtMs), lockedBy);
}
