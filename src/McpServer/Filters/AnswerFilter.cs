using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Pipeline.McpServer.Serving;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Workspaces;

namespace Pipeline.McpServer.Filters;

/// <summary>Gives a repeated intent its first answer, and puts links and pictures beside the structured result.</summary>
internal sealed class AnswerFilter(ToolShelf shelf)
{
    public McpRequestHandler<CallToolRequestParams, CallToolResult> Wrap(McpRequestHandler<CallToolRequestParams, CallToolResult> next) => async (request, cancellation) =>
    {
        var call = request.Services!.GetRequiredService<Call>();
        var answersRepeats = shelf.Find(request.Params.Name)!.About.AnswersRepeats;
        if (!answersRepeats && await call.EarlierAnswerAsync(cancellation).ConfigureAwait(false) is { } earlier)
        {
            using var answer = JsonDocument.Parse(earlier.Answer);
            return new() { StructuredContent = answer.RootElement.Clone(), Content = [new TextContentBlock { Text = earlier.Answer }] };
        }

        var result = await next(request, cancellation).ConfigureAwait(false);
        foreach (var attachment in call.Attachments)
        {
            await LinkAsync(attachment, call, request.Services!, cancellation).ConfigureAwait(false);
            result.Content.Add(attachment);
        }

        return result;
    };

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
