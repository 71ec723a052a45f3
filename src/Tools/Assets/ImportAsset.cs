using ModelContextProtocol;
using ModelContextProtocol.Server;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Assets;

[Tool(Toolset.Storage, Changes = true, Writes = true)]
internal sealed partial class ImportAsset(Call call, WriteGuard guard, AssetWriter writer, LocalImport local, UrlImport remote, Downloads downloads, ImportOptions options)
{
    /// <summary>Brings a file in as the next version of an asset: from a URL, or an import directory of the server.</summary>
    /// <param name="asset">workspace/path.</param>
    /// <param name="url">http or https, not private; share links too.</param>
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
        MediaTypes.Check(media_type);
        if (url is null == path is null)
        {
            throw new InvalidArgumentError("url", "Say where from: either url or path, one of the two.");
        }

        var most = max_bytes is null or > 0 ? Math.Min(max_bytes ?? options.MaxBytes, options.MaxBytes)
            : throw new InvalidArgumentError("max_bytes", "max_bytes is 1 or more.");
        if (path is not null)
        {
            await guard.CheckEarlyAsync(name, cancellation).ConfigureAwait(false);
            return await CommitAsync(name, await local.ReadAsync(call.Caller, path, most, progress, cancellation).ConfigureAwait(false), expected, media_type, cancellation).ConfigureAwait(false);
        }

        var id = Downloads.IdOf(call.Caller.Principal, name, url!);
        using var turn = await downloads.TurnAsync(id, cancellation).ConfigureAwait(false);
        if (await call.EarlierAnswerAsync(cancellation).ConfigureAwait(false) is { } earlier)
        {
            return Wire.Read<AssetWritten>(earlier.Answer); // the same call was a step ahead
        }

        await guard.CheckEarlyAsync(name, cancellation).ConfigureAwait(false);
        var imported = await remote.FetchAsync(id, call, name, url!, most, progress, cancellation).ConfigureAwait(false);
        if (Fault(name, media_type, expected, imported) is { } fault)
        {
            await downloads.ForgetAsync(id).ConfigureAwait(false);
            throw fault;
        }

        return await CommitAsync(name, imported, null, media_type, cancellation).ConfigureAwait(false);
    }

    // What came is of no use: the next call starts anew.
    private static ToolError? Fault(AssetName name, string? mediaType, string? expected, Imported imported)
    {
        var promised = mediaType ?? MediaTypes.FromName(name.Path);
        return expected is not null && expected != imported.Content.Sha256 ? new ChecksumMismatchError(expected, imported.Content.Sha256)
            : MediaTypes.IsMedia(promised) && ContentSniff.TypeOf(imported.Head) is { } seen && MediaTypes.IsText(seen) ? new TypeMismatchError(name.Current, promised, seen)
            : null;
    }

    private Task<AssetWritten> CommitAsync(AssetName name, Imported imported, string? expected, string? mediaType, CancellationToken cancellation)
    {
        Checksum.Require(expected, imported.Content);
        var type = mediaType ?? MediaTypes.Of(name.Path, imported.Head);
        var next = new NewVersion(name, imported.Content, type, new Lineage { Tool = call.Tool, Parameters = new { source = imported.Source } });
        return call.CommitAsync(name.Workspace, name.Current, async tx =>
        {
            var written = AssetWritten.From(await writer.WriteAsync(tx, next).ConfigureAwait(false));
            if (imported.DownloadId is { } download)
            {
                await DownloadsTable.EndAsync(tx, download).ConfigureAwait(false);
            }

            return written;
        }, cancellation, written => new { imported.Source, written.Version, written.Sha256 });
    }
}
