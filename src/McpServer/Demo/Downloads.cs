using System.Security.Cryptography;
using Pipeline.Agents.Connecting;

namespace Pipeline.McpServer.Demo;

/// <summary>Fetches versions from the server, window by window, and holds them against their hash.</summary>
internal sealed class Downloads(Connection connection)
{
    private const int WindowBytes = 1 << 20;

    /// <summary>Writes the version to a file, which is replaced only by a whole one.</summary>
    public async Task FetchAsync(string asset, string file, CancellationToken cancellation)
    {
        var known = await connection.ReadAsync("get_asset", new { asset }, cancellation).ConfigureAwait(false);
        var total = known.Whole("size_bytes") ?? 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var half = File.Create(file + ".part");
        await using (half.ConfigureAwait(false))
        {
            while (half.Length < total)
            {
                var window = await connection.ReadAsync("read_asset", new { asset, offset = half.Length, length = Math.Min(WindowBytes, total - half.Length) }, cancellation).ConfigureAwait(false);
                var bytes = Convert.FromBase64String(window.Text("base64") ?? throw new DemoFailedException($"{asset} came as text."));
                if (bytes.Length == 0)
                {
                    throw new DemoFailedException($"{asset} ended after {half.Length} of {total} bytes.");
                }

                hash.AppendData(bytes);
                await half.WriteAsync(bytes, cancellation).ConfigureAwait(false);
            }
        }

        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != known.Text("sha256"))
        {
            throw new DemoFailedException($"{asset} did not arrive as it was sent.");
        }

        File.Move(file + ".part", file, overwrite: true);
    }
}
