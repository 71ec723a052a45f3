using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Filters;

/// <summary>Logs attempts to change something that were refused; what succeeded was logged with its effect.</summary>
internal static class RefusalFilter
{
    public static McpRequestHandler<CallToolRequestParams, CallToolResult> Wrap(McpRequestHandler<CallToolRequestParams, CallToolResult> next) => async (request, cancellation) =>
    {
        try
        {
            return await next(request, cancellation).ConfigureAwait(false);
        }
        catch (ToolError error)
        {
            var call = request.Services!.GetRequiredService<Call>();
            var asset = Text(request.Params.Arguments, "asset");
            var workspace = Text(request.Params.Arguments, "workspace") ?? asset?.Split('/', 2)[0] ?? "";
            if (call.Changes && call.Caller.Sees(workspace))
            {
                await call.RefusedAsync(workspace, asset, error.Code, cancellation).ConfigureAwait(false);
            }

            throw;
        }
    };

    private static string? Text(IDictionary<string, JsonElement>? arguments, string name) =>
        arguments is not null && arguments.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
