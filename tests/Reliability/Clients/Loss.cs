using System.Net.Sockets;
using System.Text.Json;
using ModelContextProtocol;

namespace Pipeline.Reliability.Clients;

/// <summary>Tells a lost connection from a fault of the rig.</summary>
internal static class Loss
{
    public static bool Is(Exception failure) => failure is HttpRequestException or IOException or SocketException or TimeoutException or ObjectDisposedException
        or OperationCanceledException or McpException or JsonException or InvalidOperationException || (failure.InnerException is { } inner && Is(inner));
}
