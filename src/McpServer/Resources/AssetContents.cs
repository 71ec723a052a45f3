using System.Text;
using ModelContextProtocol.Protocol;
using Pipeline.Storage.Objects;
using Pipeline.Storage.State;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Workspaces;

namespace Pipeline.McpServer.Resources;

/// <summary>Reads a small asset whole: text as text, anything else as bytes.</summary>
internal sealed class AssetContents(IDatabase database, IObjectStore objects, DownloadLinks links)
{
    private const int MaxBytes = 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public async Task<ResourceContents> ReadAsync(Caller caller, string uri, AssetName name, Uri? baseUrl, CancellationToken cancellation)
    {
        var row = await database.ReadAsync(async query =>
        {
            await WorkspacesTable.RequireAsync(query, caller, name.Workspace).ConfigureAwait(false);
            return await AssetsTable.FindAsync(query, name).ConfigureAwait(false) ?? throw new NotFoundError("asset", name.ToString(), "list_assets");
        }, cancellation).ConfigureAwait(false);
        if (row.SizeBytes > MaxBytes)
        {
            var link = await links.UrlAsync(caller, new(row.Workspace, row.Path, row.Version), baseUrl, cancellation).ConfigureAwait(false);
            throw new ResourceTooLargeError(row.Address, row.SizeBytes, MaxBytes, link);
        }

        var bytes = new byte[row.SizeBytes];
        var content = await objects.OpenAsync(row.Sha256, 0, null, cancellation).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            await content.ReadExactlyAsync(bytes, cancellation).ConfigureAwait(false);
        }

        return MediaTypes.IsText(row.MediaType) && Text(bytes) is { } text
            ? new TextResourceContents { Uri = uri, MimeType = row.MediaType, Text = text }
            : BlobResourceContents.FromBytes(bytes, uri, row.MediaType);
    }

    private static string? Text(byte[] bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
