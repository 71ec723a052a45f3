using ModelContextProtocol;
using ModelContextProtocol.Server;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Assets;

[Tool(Toolset.Storage, Changes = true)]
internal sealed partial class ExportAsset(Call call, AssetReader reader, LocalExport export)
{
    /// <summary>Copies an asset to a file in an export directory of the server.</summary>
    /// <param name="asset">workspace/path, optionally @version.</param>
    /// <param name="path">Absolute path of the file.</param>
    /// <param name="overwrite">Replace a file that is there.</param>
    [McpServerTool(Name = "export_asset", Title = "Export asset", ReadOnly = false, Destructive = true, Idempotent = true, OpenWorld = true, UseStructuredContent = true)]
    public async partial Task<AssetExported> RunAsync(
        string asset, string path, IProgress<ProgressNotificationValue> progress, bool overwrite = false, CancellationToken cancellation = default)
    {
        var row = await reader.FindAsync(asset, cancellation).ConfigureAwait(false);
        var content = await reader.OpenAsync(row, 0, null, cancellation).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            await export.WriteAsync(call.Caller, path, content, row.SizeBytes, overwrite, progress, cancellation).ConfigureAwait(false);
        }

        return await call.CommitAsync(row.Workspace, $"{row.Workspace}/{row.Path}",
            _ => ValueTask.FromResult(new AssetExported($"{row.Workspace}/{row.Path}", row.Version, path, row.SizeBytes, row.Sha256)), cancellation,
            done => new { done.Version, done.Path }).ConfigureAwait(false);
    }
}

/// <summary>The file that was written.</summary>
public sealed record AssetExported(string Asset, long Version, string Path, long SizeBytes, string Sha256);
