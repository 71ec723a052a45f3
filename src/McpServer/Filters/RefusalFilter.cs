using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Costs;
using Pipeline.Tools.Workspaces;

namespace Pipeline.McpServer.Filters;

/// <summary>Logs attempts to change something that were refused; what succeeded was logged with its effect.</summary>
internal static class RefusalFilter
{
    // An address is shorter; what is longer is none, and the log keeps no pages of it.
    private const int LongestAsset = 640;

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
            var workspace = Text(request.Params.Arguments, "workspace") ?? asset?.Split('/', 2)[0]
                ?? await OfRunAsync(request.Services!, call, Text(request.Params.Arguments, "run_id"), cancellation).ConfigureAwait(false) ?? "";
            if (call.Changes && call.Caller.Sees(workspace))
            {
                // What names no workspace that exists has no log of its own: it stands in the one above workspaces.
                var place = WorkspaceName.Fits(workspace) && error is not NotFoundError { Kind: "workspace" } ? workspace : "";
                await call.RefusedAsync(place, asset is { Length: > LongestAsset } ? asset[..LongestAsset] : asset, error.Code, cancellation).ConfigureAwait(false);
            }

            throw;
        }
    };

    // A call that names only its run belongs to that run's workspace.
    private static async Task<string?> OfRunAsync(IServiceProvider services, Call call, string? runId, CancellationToken cancellation)
    {
        foreach (var directory in runId is null ? [] : services.GetServices<IRunDirectory>())
        {
            if (await call.Database.ReadAsync(query => directory.WorkspaceOfAsync(query, runId!), cancellation).ConfigureAwait(false) is { } workspace)
            {
                return workspace;
            }
        }

        return null;
    }

    private static string? Text(IDictionary<string, JsonElement>? arguments, string name) =>
        arguments is not null && arguments.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
