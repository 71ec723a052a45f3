using System.Text.Json.Nodes;
using ModelContextProtocol.Server;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Assets;

[Tool(Toolset.Storage, Changes = true, Writes = true)]
internal sealed partial class SetMetadata(Call call, AssetWriter writer)
{
    /// <summary>Replaces a version's metadata as a whole, held against the workspace's schema. The bytes and the version number stay.</summary>
    /// <param name="asset">workspace/path, optionally @version.</param>
    /// <param name="metadata">All fields; what is left out is gone.</param>
    [McpServerTool(Name = "set_metadata", Title = "Set metadata", ReadOnly = false, Destructive = true, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<AssetMetadata> RunAsync(string asset, JsonObject metadata, CancellationToken cancellation = default)
    {
        var name = AssetName.Parse(asset);
        return await call.CommitAsync(name.Workspace, name.Current, async tx =>
        {
            var row = await writer.SetMetadataAsync(tx, name, metadata).ConfigureAwait(false);
            return new AssetMetadata(name.Current, row.Version, metadata);
        }, cancellation, written => new { written.Version }).ConfigureAwait(false);
    }
}

/// <summary>The metadata that a version has now.</summary>
public sealed record AssetMetadata(string Asset, long Version, JsonObject Metadata);
