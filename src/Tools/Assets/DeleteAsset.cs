using ModelContextProtocol.Server;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Assets;

[Tool(Toolset.Storage, Changes = true, Writes = true)]
internal sealed partial class DeleteAsset(Call call, AssetWriter writer)
{
    /// <summary>Deletes an asset. Its versions stay readable by number, and restore_asset brings it back.</summary>
    /// <param name="asset">workspace/path; with @version, only if that is the current one.</param>
    [McpServerTool(Name = "delete_asset", Title = "Delete asset", ReadOnly = false, Destructive = true, Idempotent = false, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<AssetDeleted> RunAsync(string asset, CancellationToken cancellation = default)
    {
        var name = AssetName.Parse(asset);
        return await call.CommitAsync(name.Workspace, name.Current, async tx =>
        {
            var row = await writer.DeleteAsync(tx, name).ConfigureAwait(false);
            return new AssetDeleted(name.Current, row.Version);
        }, cancellation, deleted => new { deleted.Version }, frees: true).ConfigureAwait(false);
    }
}

/// <summary>What was deleted.</summary>
/// <param name="Asset">The address without a version.</param>
/// <param name="Version">The version that was current.</param>
public sealed record AssetDeleted(string Asset, long Version);
