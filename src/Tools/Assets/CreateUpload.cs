using System.Text.Json.Nodes;
using ModelContextProtocol.Server;
using Pipeline.Storage.Objects;
using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Assets;

[Tool(Toolset.Storage, Changes = true, Writes = true, AnswersRepeats = true)]
internal sealed partial class CreateUpload(Call call, WriteGuard guard, ImportOptions options, Ids ids, StagedUploads staged, IPresigns? presigns = null)
{
    // What is larger is left to the work in the background: a call must not last as long as hashing a film.
    private const long LookAtOnceBytes = 64L << 20;

    /// <summary>Announces a file; PUT it to url with headers, then repeat this call to see it written. In parts (Content-Range) to server_url, or url without one.</summary>
    /// <param name="asset">workspace/path.</param>
    /// <param name="size_bytes">Exact size.</param>
    /// <param name="sha256">Refuse other bytes.</param>
    /// <param name="media_type">From the content if left out.</param>
    /// <param name="metadata">Fields of the workspace's schema.</param>
    [McpServerTool(Name = "create_upload", Title = "Create upload", ReadOnly = false, Destructive = true, Idempotent = false, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<UploadCreated> RunAsync(
        string asset, long size_bytes, string? sha256 = null, string? media_type = null, JsonObject? metadata = null, CancellationToken cancellation = default)
    {
        var name = AssetName.ParseTarget(asset);
        var expected = Checksum.Parse(sha256);
        MediaTypes.Check(media_type);
        if (size_bytes < 0)
        {
            throw new InvalidArgumentError("size_bytes", $"size_bytes is 0 or more, not {size_bytes}.");
        }

        if (size_bytes > options.MaxBytes)
        {
            throw new TooLargeError(size_bytes, options.MaxBytes);
        }

        var direct = presigns is not null && size_bytes <= presigns.MostUploadBytes && await presigns.CanAsync(cancellation).ConfigureAwait(false);
        var created = await call.CommitAsync(name.Workspace, name.Current, async tx =>
        {
            var row = new UploadRow
            {
                Token = ids.New("upload"), Principal = call.Caller.Principal, Agent = call.Agent, Workspace = name.Workspace, Path = name.Path, SizeBytes = size_bytes,
                Sha256 = expected, MediaType = media_type, Metadata = metadata?.ToJsonString(Wire.Json), Terms = Wire.Write(call.Terms), ExpiresAtMs = tx.NowMs + UploadRow.KeptMs,
            };
            var same = direct ? await UploadsTable.SameAsync(tx, row).ConfigureAwait(false) : null;
            return Created(same ?? await AnnounceAsync(tx, name, row, metadata, direct).ConfigureAwait(false));
        }, cancellation, _ => new { size_bytes }).ConfigureAwait(false);
        return direct ? await StandingAsync(created, cancellation).ConfigureAwait(false) : created;
    }

    private async ValueTask<UploadRow> AnnounceAsync(ITransaction tx, AssetName name, UploadRow row, JsonObject? metadata, bool direct)
    {
        var target = await guard.CheckAsync(tx, name).ConfigureAwait(false);
        if (metadata is not null)
        {
            MetadataCheck.Require(target.Workspace.Schema(), metadata);
        }

        row = row.Sha256 is not null && await UploadsTable.HasContentAsync(tx, row).ConfigureAwait(false) ? row with { Content = row.Sha256 } : row;
        row = direct ? row with { Sender = Wire.Write(call.Caller), LookAtMs = StagedUploads.FirstLook(tx.NowMs) } : row;
        await UploadsTable.InsertAsync(tx, row).ConfigureAwait(false);
        tx.Notify(UploadsTable.Channel);
        return row;
    }

    private UploadCreated Created(UploadRow row) => new(
        UploadCreated.Address(call.BaseUrl, row.Token), Instant.From(row.ExpiresAtMs), row.SizeBytes, row.Content is null ? 0 : row.SizeBytes);

    // Signed anew each time, and nowhere stored: whoever holds the address may use it.
    private async Task<UploadCreated> StandingAsync(UploadCreated created, CancellationToken cancellation)
    {
        var token = created.Url[(created.Url.LastIndexOf('/') + 1)..];
        var row = await call.Database.ReadAsync(query => UploadsTable.OfTokenAsync(query, token), cancellation).ConfigureAwait(false);
        if (row is { Sender: not null, Answer: null } && row.SizeBytes <= LookAtOnceBytes)
        {
            row = await staged.LookAsync(token, cancellation).ConfigureAwait(false);
        }

        if (row?.Sender is null)
        {
            return created;
        }

        var valid = TimeSpan.FromMilliseconds(Math.Clamp(row.ExpiresAtMs - await NowAsync(cancellation).ConfigureAwait(false), 1000, UploadRow.KeptMs));
        var signed = presigns!.SignUpload(row.Token, row.SizeBytes, row.Sha256, valid);
        return created with
        {
            Url = signed.Url.ToString(),
            Headers = signed.Headers.Count == 0 ? null : signed.Headers,
            ServerUrl = created.Url,
            OffsetBytes = row.Content is null && row.Answer is null ? 0 : row.SizeBytes,
            Written = row.Answer is { } answer ? Wire.Read<AssetWritten>(answer) : null,
            Refused = row is { Answer: null, Refusal: { } refusal } ? Wire.Read<UploadRefusal>(refusal) : null,
        };
    }

    private Task<long> NowAsync(CancellationToken cancellation) => call.Database.ReadAsync(query => ValueTask.FromResult(query.NowMs), cancellation);
}

/// <summary>Where to send the bytes, and how it stands with them.</summary>
/// <param name="Url">For the same API key; over stdio a path, good on the address of <c>./pipeline serve</c> on this data folder. With server_url beside it: a signed address of the store, for one PUT of the whole without a key.</param>
/// <param name="ExpiresAt">Until when.</param>
/// <param name="SizeBytes">As announced.</param>
/// <param name="OffsetBytes">What is here already, from an upload whose write was refused: an empty PUT with Upload-Offset ends it.</param>
public sealed record UploadCreated(string Url, DateTimeOffset ExpiresAt, long SizeBytes, long OffsetBytes)
{
    /// <summary>To be sent with the PUT to url.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>This server's own address for the same bytes, in parts too, for the same API key.</summary>
    public string? ServerUrl { get; init; }

    /// <summary>The version, once the store's bytes became one.</summary>
    public AssetWritten? Written { get; init; }

    /// <summary>Why they did not.</summary>
    public UploadRefusal? Refused { get; init; }

    internal static string Address(Uri? server, string token) => server is null ? $"/upload/{token}" : new Uri(server, $"/upload/{token}").ToString();
}

/// <summary>Why an upload's write was refused.</summary>
public sealed record UploadRefusal(string Code, string Message);
