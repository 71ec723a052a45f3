using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Pipeline.McpServer.Http;

/// <summary>The headers of an answer that is an event stream, and the one event that the door itself writes.</summary>
internal static class EventStream
{
    public static void Begin(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentType = "text/event-stream";
        headers.CacheControl = "no-cache,no-store";
        headers.ContentEncoding = "identity";
        headers["X-Accel-Buffering"] = "no";
        context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
    }

    /// <summary>Ends a stream that took too long with an error the client can act on.</summary>
    public static async Task WriteTimeoutAsync(Stream body, RequestId id, TimeSpan limit, CancellationToken cancellation)
    {
        var error = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = System.Text.Json.JsonSerializer.SerializeToNode(id, McpJsonUtilities.DefaultOptions),
            ["error"] = new JsonObject
            {
                ["code"] = (int)McpErrorCode.InternalError,
                ["message"] = $"The request took longer than {limit.TotalSeconds} seconds and was cancelled.",
            },
        };
        await body.WriteAsync(Encoding.UTF8.GetBytes($"event: message\ndata: {error.ToJsonString()}\n\n"), cancellation).ConfigureAwait(false);
        await body.FlushAsync(cancellation).ConfigureAwait(false);
    }
}
