using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Pipeline.McpServer.Serving;
using Pipeline.Tools.Calls;

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
            result.Content.Add(attachment);
        }

        return result;
    };
}
