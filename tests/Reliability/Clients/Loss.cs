using System.Net.Sockets;
using System.Text.Json;
using ModelContextProtocol;

namespace Pipeline.Reliability.Clients;

/// <summary>Tells a lost connection from a fault of the rig.</summary>
internal static class Loss
{
    /// <summary>Whether nobody listened.</summary>
    public static bool IsRefusedConnection(Exception failure) =>
        failure is SocketException { SocketErrorCode: SocketError.ConnectionRefused } || (failure.InnerException is { } inner && IsRefusedConnection(inner));

    public static bool Is(Exception failure) => failure is HttpRequestException or IOException or SocketException or TimeoutException or ObjectDisposedException
        or OperationCanceledException or McpException or JsonException or InvalidOperationException || (failure.InnerException is { } inner && Is(inner));
}
