using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Pipeline.McpServer.Filters;
using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Resources;

/// <summary>Reads a run's live state: the answer of get_run, asked for in the caller's name and on the way of every call.</summary>
internal static class RunContents
{
    private const string Tool = "get_run";

    public static async Task<ResourceContents> ReadAsync(
        RequestContext<ReadResourceRequestParams> request, string runId, ToolPath path, CancellationToken cancellation)
    {
        var parameters = new CallToolRequestParams
        {
            Name = Tool,
            Arguments = new Dictionary<string, System.Text.Json.JsonElement> { ["run_id"] = System.Text.Json.JsonSerializer.SerializeToElement(runId, Wire.Json) },
        };
        var call = new RequestContext<CallToolRequestParams>(request.Server, request.JsonRpcRequest, parameters) { Services = request.Services, User = request.User };
        var result = await path.CallAsync(call, cancellation).ConfigureAwait(false);
        return new TextResourceContents { Uri = request.Params.Uri, MimeType = "application/json", Text = result.StructuredContent?.GetRawText() ?? "{}" };
    }
}
