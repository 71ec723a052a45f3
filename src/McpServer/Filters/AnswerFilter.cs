using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Pipeline.McpServer.Serving;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Workspaces;

namespace Pipeline.McpServer.Filters;

/// <summary>Gives a repeated intent its first answer, and puts links and pictures beside the structured result.</summary>
internal sealed class AnswerFilter(ToolShelf shelf)
{
    public McpRequestHandler<CallToolRequestParams, CallToolResult> Wrap(McpRequestHandler<CallToolRequestParams, CallToolResult> next) => async (request, cancellation) =>
    {
        var call = request.Services!.GetRequiredService<Call>();
        var about = shelf.Find(request.Params.Name)!.About;
        var earlier = about.AnswersRepeats ? null : await call.EarlierAnswerAsync(cancellation).ConfigureAwait(false);
        var result = (earlier is null ? null : await AgainAsync(call, about, earlier.Answer, cancellation).ConfigureAwait(false))
            ?? await next(request, cancellation).ConfigureAwait(false);
        foreach (var attachment in call.Attachments)
        {
            await LinkAsync(attachment, call, request.Services!, cancellation).ConfigureAwait(false);
            result.Content.Add(attachment);
        }

        return result;
    };

    // Links to what a media tool wrote are made again: they may be what got lost. Null where it only showed pictures: those are taken once more,
    // and its commit gives the first answer.
    private static async Task<CallToolResult?> AgainAsync(Call call, ToolAttribute about, string earlier, CancellationToken cancellation)
    {
        using var answer = JsonDocument.Parse(earlier);
        if (about.Toolset == Toolset.Media && answer.RootElement.TryGetProperty("bytes_written", out _))
        {
            var written = Written(answer.RootElement).ToList();
            if (written.Count == 0)
            {
                return null;
            }

            foreach (var name in written.Where(name => call.Caller.Sees(name.Workspace)))
            {
                if (await call.Database.ReadAsync(query => AssetsTable.FindAsync(query, name), cancellation).ConfigureAwait(false) is { } row)
                {
                    call.Attach(AssetLink.To(row));
                }
            }
        }

        return new() { StructuredContent = answer.RootElement.Clone(), Content = [new TextContentBlock { Text = earlier }] };
    }

    private static IEnumerable<AssetName> Written(JsonElement answer)
    {
        IEnumerable<JsonElement> frames = answer.TryGetProperty("frames", out var list) ? list.EnumerateArray() : [];
        foreach (var made in frames.Prepend(answer))
        {
            if (made.TryGetProperty("asset", out var asset) && made.TryGetProperty("version", out var version))
            {
                yield return AssetName.Parse(asset.GetString()!) with { Version = version.GetInt64() };
            }
        }
    }

    // Over HTTP a link to bytes can be followed as it stands, for a while: by this principal, or at the store by whoever holds it.
    private static async Task LinkAsync(ContentBlock attachment, Call call, IServiceProvider services, CancellationToken cancellation)
    {
        if (attachment is ResourceLinkBlock { Meta: { } meta } && meta[AssetLink.AddressKey] is { } address)
        {
            var link = await services.GetRequiredService<DownloadLinks>().UrlAsync(call.Caller, AssetName.Parse(address.GetValue<string>()), call.BaseUrl, cancellation).ConfigureAwait(false);
            if (link is not null)
            {
                meta["download_url"] = link.AbsoluteUri;
            }
        }
    }
}
