using System.Text.Json.Nodes;
using ModelContextProtocol.Server;
using Pipeline.Storage.Objects;
using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Assets;

[Tool(Toolset.Storage, Changes = true, Writes = true)]
internal sealed partial class RestoreAsset(Call call, AssetWriter writer)
{
    /// <summary>Makes an earlier version, or a deleted asset's last one, the newest version again. No bytes move.</summary>
    /// <param name="asset">workspace/path@version; without @version, a deleted asset.</param>
    [McpServerTool(Name = "restore_asset", Title = "Restore asset", ReadOnly = false, Destructive = false, Idempotent = false, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<AssetWritten> RunAsync(string asset, CancellationToken cancellation = default)
    {
        var name = AssetName.Parse(asset);
        return await call.CommitAsync(name.Workspace, name.Current, async tx =>
        {
            var source = await SourceAsync(tx, name).ConfigureAwait(false);
            var next = new NewVersion(
                name with { Version = null }, new StoredObject(source.Sha256, source.SizeBytes), source.MediaType,
                new Lineage { Tool = call.Tool, Sources = [source.Address], Method = "restore" }, source.Metadata is "{}" ? null : JsonNode.Parse(source.Metadata)!.AsObject());
            return AssetWritten.From(await writer.WriteAsync(tx, next).ConfigureAwait(false));
        }, cancellation, written => new { from = asset, written.Version }).ConfigureAwait(false);
    }

    private async ValueTask<AssetRow> SourceAsync(ITransaction tx, AssetName name)
    {
        await WorkspacesTable.RequireAsync(tx, call.Caller, name.Workspace).ConfigureAwait(false);
        var row = name.Version is null ? await AssetsTable.NewestAsync(tx, name).ConfigureAwait(false) : await AssetsTable.FindAsync(tx, name).ConfigureAwait(false);
        if ((row ?? await AssetsTable.FindExpiredAsync(tx, name).ConfigureAwait(false)) is { ExpiredAtMs: not null } gone)
        {
            throw new AssetExpiredError(gone);
        }

        return row is null ? throw new NotFoundError("asset", name.ToString(), "list_assets")
            : name.Version is null && row.Deleted == 0
                ? throw new InvalidArgumentError("asset", $"'{name.Current}' is not deleted: name the version to go back to, as in '{name.Current}@{Math.Max(1, row.Version - 1)}'.")
                : row;
    }
}
