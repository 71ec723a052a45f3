using System.Globalization;
using System.Text;

namespace Pipeline.Faults.Stores;

/// <summary>A request as it came over the wire.</summary>
/// <param name="Method">Such as GET.</param>
/// <param name="Target">Path and query, as sent.</param>
/// <param name="Headers">By name.</param>
/// <param name="Body">All of it.</param>
public sealed record ProxyRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>The next request of a connection; null when it ended.</summary>
    public static async Task<ProxyRequest?> ReadAsync(Stream connection)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await connection.ReadAsync(one) == 0)
            {
                return null;
            }

            head.Append((char)one[0]);
        }

        var lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(':', 2)).ToDictionary(parts => parts[0], parts => parts[1].Trim(), StringComparer.OrdinalIgnoreCase);
        if (headers.GetValueOrDefault("Expect") is not null)
        {
            await connection.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());
        }

        var body = new byte[int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture)];
        await connection.ReadExactlyAsync(body);
        var first = lines[0].Split(' ');
        return new(first[0], first[1], headers, body);
    }
}
