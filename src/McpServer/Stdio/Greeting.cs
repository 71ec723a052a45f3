using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Pipeline.McpServer.Stdio;

/// <summary>One line of JSON each way before MCP begins. Nothing of what follows it is swallowed.</summary>
internal static class Greeting
{
    private const int MaxBytes = 64 * 1024;

    public static async Task SendAsync<T>(Socket socket, T greeting, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(greeting, type);
        var line = new byte[json.Length + 1];
        json.CopyTo(line, 0);
        line[^1] = (byte)'\n';
        for (var sent = 0; sent < line.Length;)
        {
            sent += await socket.SendAsync(line.AsMemory(sent), cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The other side's line; null when it left, said too much, or something else than this greeting.</summary>
    public static async Task<T?> ReceiveAsync<T>(Socket socket, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class
    {
        var buffer = new byte[1024];
        for (var length = 0; length < MaxBytes;)
        {
            // Look first, then take no more than the line: what comes after belongs to MCP.
            var seen = await socket.ReceiveAsync(buffer.AsMemory(length), SocketFlags.Peek, cancellation).ConfigureAwait(false);
            if (seen == 0)
            {
                return null;
            }

            var end = buffer.AsSpan(length, seen).IndexOf((byte)'\n');
            var take = end < 0 ? seen : end + 1;
            length += await socket.ReceiveAsync(buffer.AsMemory(length, take), cancellation).ConfigureAwait(false);
            if (buffer[length - 1] == (byte)'\n')
            {
                return Parse(buffer.AsSpan(0, length), type);
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }

        return null;
    }

    private static T? Parse<T>(ReadOnlySpan<byte> line, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(line, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
