using System.Text;
using System.Text.Json.Nodes;
using ModelContextProtocol.Server;
using Pipeline.Storage.Objects;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Assets;

[Tool(Toolset.Storage, Changes = true, Writes = true)]
internal sealed partial class PutAsset(Call call, IObjectStore objects, WriteGuard guard, AssetWriter writer)
{
    private const int MaxBytes = 8 * 1024 * 1024;

    /// <summary>Writes a small asset from text or base64 as its next version. For large files use create_upload or import_asset.</summary>
    /// <param name="asset">workspace/path.</param>
    /// <param name="text">The content.</param>
    /// <param name="base64">Or so.</param>
    /// <param name="media_type">From the name if left out.</param>
    /// <param name="metadata">Fields of the workspace's schema.</param>
    [McpServerTool(Name = "put_asset", Title = "Put asset", ReadOnly = false, Destructive = true, Idempotent = false, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<AssetWritten> RunAsync(
        string asset, string? text = null, string? base64 = null, string? media_type = null, JsonObject? metadata = null, CancellationToken cancellation = default)
    {
        var name = AssetName.ParseTarget(asset);
        var type = MediaTypes.Check(media_type) ?? MediaTypes.FromName(name.Path);
        var bytes = Decode(text, base64);
        await guard.CheckEarlyAsync(name, cancellation).ConfigureAwait(false);
        using var content = new MemoryStream(bytes, writable: false);
        var stored = await objects.PutAsync(content, cancellation).ConfigureAwait(false);
        var next = new NewVersion(name, stored, type, new Lineage { Tool = call.Tool }, metadata);
        var written = await call.CommitAsync(name.Workspace, name.Current,
            async tx => AssetWritten.From(await writer.WriteAsync(tx, next).ConfigureAwait(false)), cancellation).ConfigureAwait(false);
        return written;
    }

    private static byte[] Decode(string? text, string? base64)
    {
        if (text is null == base64 is null)
        {
            throw new InvalidArgumentError("text", "Give the content either as text or as base64, one of the two.");
        }

        byte[] bytes;
        try
        {
            bytes = text is not null ? Encoding.UTF8.GetBytes(text) : Convert.FromBase64String(base64!);
        }
        catch (FormatException)
        {
            throw new InvalidArgumentError("base64", "base64 is not valid base64 (RFC 4648, with padding).");
        }

        return bytes.Length <= MaxBytes ? bytes
            : throw new InvalidArgumentError("base64", $"put_asset takes at most {MaxBytes} bytes; create_upload and import_asset take any size.");
    }
}
