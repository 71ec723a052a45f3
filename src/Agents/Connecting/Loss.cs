using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ModelContextProtocol;

namespace Pipeline.Agents.Connecting;

/// <summary>Tells a lost connection from an answer.</summary>
internal static class Loss
{
    /// <summary>Whether sending the same call over a new connection makes sense.</summary>
    public static bool Is(Exception failure) => failure switch
    {
        ToolRefused or McpProtocolException => false,
        HttpRequestException http => http.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest or HttpStatusCode.MisdirectedRequest),
        // Without a token of ours that was cancelled, a cancellation is the transport's.
        IOException or SocketException or TimeoutException or ObjectDisposedException or OperationCanceledException or McpException or JsonException => true,
        InvalidOperationException => true,
        _ => failure.InnerException is { } inner && Is(inner),
    };
}
