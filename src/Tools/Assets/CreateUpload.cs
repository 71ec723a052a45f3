using System.Text.Json.Nodes;
using ModelContextProtocol.Server;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Assets;

[Tool(Toolset.Storage, Changes = true, Writes = true)]
internal sealed partial class CreateUpload(Call call, WriteGuard guard, ImportOptions options, Ids ids)
{
    private const long KeptMs = 24 * 60 * 60 * 1000L;

    /// <summary>Announces a file of any size; send it with HTTP PUT to url, whole or in parts (Content-Range). With the last byte it becomes the next version.</summary>
    /// <param name="asset">workspace/path.</param>
    /// <param name="size_bytes">Exact size.</param>
    /// <param name="sha256">Refuse other bytes.</param>
    /// <param name="media_type">From the content if left out.</param>
    /// <param name="metadata">Fields as the workspace's schema agrees.</param>
    [McpServerTool(Name = "create_upload", Title = "Create upload", ReadOnly = false, Destructive = true, Idempotent = false, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<UploadCreated> RunAsync(
        string asset, long size_bytes, string? sha256 = null, string? media_type = null, JsonObject? metadata = null, CancellationToken cancellation = default)
    {
        var name = AssetName.ParseTarget(asset);
        var expected = Checksum.Parse(sha256);
        if (size_bytes < 0)
        {
            throw new InvalidArgumentError("size_bytes", $"size_bytes is 0 or more, not {size_bytes}.");
        }

        if (size_bytes > options.MaxBytes)
        {
            throw new TooLargeError(size_bytes, options.MaxBytes);
        }

        return await call.CommitAsync(name.Workspace, name.Current, async tx =>
        {
            var target = await guard.CheckAsync(tx, name).ConfigureAwait(false);
            if (metadata is not null)
            {
                MetadataCheck.Require(target.Workspace.Schema(), metadata);
            }

            var row = new UploadRow
            {
                Token = ids.New("upload"), Principal = call.Caller.Principal, Agent = call.Agent, Workspace = name.Workspace, Path = name.Path, SizeBytes = size_bytes,
                Sha256 = expected, MediaType = media_type, Metadata = metadata?.ToJsonString(Wire.Json), Terms = Wire.Write(call.Terms), ExpiresAtMs = tx.NowMs + KeptMs,
            };
            row = expected is not null && await UploadsTable.HasContentAsync(tx, row).ConfigureAwait(false) ? row with { Content = expected } : row;
            await UploadsTable.InsertAsync(tx, row).ConfigureAwait(false);
            return new UploadCreated(UploadCreated.Address(call.BaseUrl, row.Token), Instant.From(row.ExpiresAtMs), size_bytes, row.Content is null ? 0 : size_bytes);
        }, cancellation, _ => new { size_bytes }).ConfigureAwait(false);
    }
}

/// <summary>Where to send the bytes.</summary>
/// <param name="Url">For the same API key; over stdio a path, good on the address of <c>./pipeline serve</c> on this data folder.</param>
/// <param name="ExpiresAt">Until when.</param>
/// <param name="SizeBytes">As announced.</param>
/// <param name="OffsetBytes">What is here already, from an upload whose write was refused: an empty PUT with Upload-Offset ends it.</param>
public sealed record UploadCreated(string Url, DateTimeOffset ExpiresAt, long SizeBytes, long OffsetBytes)
{
    internal static string Address(Uri? server, string token) => server is null ? $"/upload/{token}" : new Uri(server, $"/upload/{token}").ToString();
}
