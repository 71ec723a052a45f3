using System.Buffers.Text;
using System.Security.Cryptography;
using Pipeline.Storage.Objects;
using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Assets;

/// <summary>Makes and redeems expiring links to one version, signed, and good only for the principal that they were made for.</summary>
public sealed class DownloadLinks(IDatabase database, IObjectStore objects)
{
    private const long ValidMs = 60 * 60 * 1000;

    private byte[]? _key;

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

    /// <summary>The version's bytes, seekable.</summary>
    public Task<Stream> OpenAsync(AssetRow row, CancellationToken cancellation) => objects.OpenAsync(row.Sha256, 0, null, cancellation);

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
