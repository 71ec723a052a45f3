using ModelContextProtocol;
using ModelContextProtocol.Server;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Assets;

[Tool(Toolset.Storage, Changes = true, Writes = true)]
internal sealed partial class ImportAsset(Call call, WriteGuard guard, AssetWriter writer, LocalImport local, UrlImport remote, ImportOptions options)
{
    /// <summary>Brings a file of any size in as the next version of an asset: from a URL, or from an import directory of the server.</summary>
    /// <param name="asset">workspace/path.</param>
    /// <param name="url">http or https; not a private address.</param>
    /// <param name="path">Or an absolute path on the server.</param>
    /// <param name="media_type">From the content if left out.</param>
    /// <param name="sha256">Refuse other bytes.</param>
    /// <param name="max_bytes">Refuse more.</param>
    [McpServerTool(Name = "import_asset", Title = "Import asset", ReadOnly = false, Destructive = true, Idempotent = false, OpenWorld = true, UseStructuredContent = true)]
    public async partial Task<AssetWritten> RunAsync(
        string asset, IProgress<ProgressNotificationValue> progress, string? url = null, string? path = null, string? media_type = null, string? sha256 = null,
        long? max_bytes = null, CancellationToken cancellation = default)
    {
        var name = AssetName.ParseTarget(asset);
        var expected = Checksum.Parse(sha256);
        if (url is null == path is null)
        {
            throw new InvalidArgumentError("url", "Say where from: either url or path, one of the two.");
        }

        var most = max_bytes is null or > 0 ? Math.Min(max_bytes ?? options.MaxBytes, options.MaxBytes)
            : throw new InvalidArgumentError("max_bytes", "max_bytes is 1 or more.");
        await guard.CheckEarlyAsync(name, cancellation).ConfigureAwait(false);
        var imported = url is not null
            ? await remote.FetchAsync(call.Caller, url, most, progress, cancellation).ConfigureAwait(false)
            : await local.ReadAsync(call.Caller, path!, most, progress, cancellation).ConfigureAwait(false);
        Checksum.Require(expected, imported.Content);
        var type = media_type ?? MediaTypes.Of(name.Path, imported.Head);
        if (url is not null && type == "text/html" && MediaTypes.FromName(name.Path) is var promised && MediaTypes.IsMedia(promised))
        {
            throw new TypeMismatchError(name.Current, promised, type);
        }

        var next = new NewVersion(name, imported.Content, type, new Lineage { Tool = call.Tool, Parameters = new { source = imported.Source } });
        return await call.CommitAsync(name.Workspace, name.Current,
            async tx => AssetWritten.From(await writer.WriteAsync(tx, next).ConfigureAwait(false)), cancellation,
            written => new { imported.Source, written.Version, written.Sha256 }).ConfigureAwait(false);
    }
}
