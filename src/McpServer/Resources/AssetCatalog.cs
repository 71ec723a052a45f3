using System.Buffers.Text;
using ModelContextProtocol.Protocol;
using Pipeline.Storage.State;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Resources;

/// <summary>Lists the newest assets of the workspaces that a caller sees, a page at a time.</summary>
internal sealed class AssetCatalog(IDatabase database)
{
    private const int PageSize = 100;
    private const int MaxCursorLength = 2048;

    public async Task<ListResourcesResult> PageAsync(Caller caller, string? cursor, CancellationToken cancellation)
    {
        var before = cursor is null ? AssetMark.Newest : Read(cursor);
        var rows = await database.ReadAsync(query => AssetsTable.RecentAsync(query, caller.Workspaces, before, PageSize + 1), cancellation).ConfigureAwait(false);
        return new()
        {
            Resources = [.. rows.Take(PageSize).Select(Resource)],
            NextCursor = rows.Count > PageSize ? Write(rows[PageSize - 1]) : null,
        };
    }

    private static Resource Resource(AssetRow row) => new()
    {
        Uri = AssetLink.Uri(row),
        Name = $"{row.Workspace}/{row.Path}",
        MimeType = row.MediaType,
        Size = row.SizeBytes,
        Annotations = new() { LastModified = Instant.From(row.CreatedAtMs) },
    };

    private static string Write(AssetRow last) =>
        Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(Wire.Write(new AssetMark(last.CreatedAtMs, last.Workspace, last.Path))));

    private static AssetMark Read(string cursor)
    {
        if (cursor.Length <= MaxCursorLength && Base64Url.IsValid(cursor))
        {
            try
            {
                return System.Text.Json.JsonSerializer.Deserialize<AssetMark>(Base64Url.DecodeFromChars(cursor), Wire.Json) ?? throw Unknown();
            }
            catch (System.Text.Json.JsonException)
            {
                throw Unknown();
            }
        }

        throw Unknown();
    }

    private static InvalidArgumentError Unknown() => new("cursor", "The cursor is not one that this server gave; leave it out to begin anew.");
}
