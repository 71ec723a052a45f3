using System.Buffers.Text;
using System.Security.Cryptography;
using Pipeline.Storage.Objects;
using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Assets;

/// <summary>Makes and redeems expiring links to one version, signed, and good only for the principal that they were made for.</summary>
public sealed class DownloadLinks(IDatabase database, IObjectStore objects, IPresigns? presigns = null)
{
    private const long ValidMs = 60 * 60 * 1000;

    private byte[]? _key;

    /// <summary>
    /// Where to get the version's bytes: at the store itself if it can be, where the link is good for whoever holds it, else at the server's
    /// address, for the caller alone; null when there is neither.
    /// </summary>
    public async Task<Uri?> UrlAsync(Caller caller, AssetName version, Uri? server, CancellationToken cancellation)
    {
        if (presigns is not null && await presigns.CanAsync(cancellation).ConfigureAwait(false)
            && await database.ReadAsync(query => AssetsTable.FindAsync(query, version), cancellation).ConfigureAwait(false) is { } row)
        {
            return presigns.SignDownload(row.Sha256, row.Path[(row.Path.LastIndexOf('/') + 1)..], row.MediaType, TimeSpan.FromMilliseconds(ValidMs));
        }

        return server is null ? null : new Uri(server, await MakeAsync(caller, version, cancellation).ConfigureAwait(false));
    }

    /// <summary>The link's path on the server's HTTP address.</summary>
    /// <param name="caller">Whom it is good for.</param>
    /// <param name="version">With its number.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<string> MakeAsync(Caller caller, AssetName version, CancellationToken cancellation)
    {
        var key = await KeyAsync(cancellation).ConfigureAwait(false);
        var expiresAtMs = await database.ReadAsync(query => ValueTask.FromResult(query.NowMs + ValidMs), cancellation).ConfigureAwait(false);
        var claim = JsonBytes(new DownloadClaim(caller.Principal, version.Workspace, version.Path, version.Version!.Value, expiresAtMs));
        return $"/download/{Base64Url.EncodeToString(claim)}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, claim))}";
    }

    /// <summary>The version that a link names.</summary>
    /// <exception cref="NotFoundError">A link that is not ours, has expired, is another's, or leads to what the caller no longer sees.</exception>
    public async Task<AssetRow> RedeemAsync(Caller caller, string token, CancellationToken cancellation)
    {
        var claim = Read(token, await KeyAsync(cancellation).ConfigureAwait(false));
        var row = claim is null || claim.Principal != caller.Principal ? null
            : await database.ReadAsync(async query =>
            {
                if (query.NowMs >= claim.ExpiresAtMs)
                {
                    return null;
                }

                await WorkspacesTable.RequireAsync(query, caller, claim.Workspace).ConfigureAwait(false);
                return await AssetsTable.FindAsync(query, new(claim.Workspace, claim.Path, claim.Version)).ConfigureAwait(false);
            }, cancellation).ConfigureAwait(false);
        return row ?? throw new NotFoundError("download", "link", "get_asset gives a fresh link.");
    }

    /// <summary>The version's bytes, seekable, opened where they will be read.</summary>
    /// <param name="row">The version.</param>
    /// <param name="from">The first byte that is wanted.</param>
    /// <param name="length">How many are.</param>
    /// <param name="cancellation">Stops opening.</param>
    public async Task<Stream> OpenAsync(AssetRow row, long from, long length, CancellationToken cancellation) =>
        await ObjectWindow.OpenAsync(objects, row.Sha256, row.SizeBytes, from, length, cancellation).ConfigureAwait(false);

    private static DownloadClaim? Read(string token, byte[] key)
    {
        var dot = token.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0 || !Base64Url.IsValid(token.AsSpan(0, dot)) || !Base64Url.IsValid(token.AsSpan(dot + 1)))
        {
            return null;
        }

        var claim = Base64Url.DecodeFromChars(token.AsSpan(0, dot));
        return CryptographicOperations.FixedTimeEquals(Base64Url.DecodeFromChars(token.AsSpan(dot + 1)), HMACSHA256.HashData(key, claim))
            ? System.Text.Json.JsonSerializer.Deserialize<DownloadClaim>(claim, Wire.Json) : null;
    }

    private static byte[] JsonBytes(DownloadClaim claim) => System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(claim, Wire.Json);

    private async Task<byte[]> KeyAsync(CancellationToken cancellation) => _key ??= Convert.FromBase64String(await database.RelieveAsync(
        Scopes.Transfers, tx => TransferKeysTable.GetOrMakeAsync(tx, "download", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))), cancellation).ConfigureAwait(false));

    private sealed record DownloadClaim(string Principal, string Workspace, string Path, long Version, long ExpiresAtMs);
}
