using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Pipeline.Storage.Objects;

/// <summary>
/// Holds an object against its name before the first read after a start, and again when the file looks other than it did then.
/// Larger objects are left to the scrub: reading a film to serve a second of it would cost more than all else.
/// </summary>
internal sealed class FirstReads
{
    /// <summary>The largest object that is read whole before a part of it is served: some 50 ms of one core.</summary>
    public const long LargestBytes = 64L << 20;

    private const int MostRemembered = 1 << 17;

    private readonly ConcurrentDictionary<string, (long Length, DateTime WrittenAt)> _whole = new(StringComparer.Ordinal);

    /// <summary>What was just written through a hash is known to be whole.</summary>
    public void Trust(string sha256, FileInfo file)
    {
        if (_whole.Count >= MostRemembered)
        {
            _whole.Clear();
        }

        _whole[sha256] = (file.Length, file.LastWriteTimeUtc);
    }

    /// <summary>Reads the file if need be.</summary>
    /// <exception cref="ObjectDamagedException">It is not what its name says.</exception>
    public async ValueTask RequireAsync(string sha256, string path, CancellationToken cancellation)
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.Length > LargestBytes || (_whole.TryGetValue(sha256, out var seen) && seen == (file.Length, file.LastWriteTimeUtc)))
        {
            return;
        }

        if (!await IsWholeAsync(sha256, path, cancellation).ConfigureAwait(false))
        {
            throw new ObjectDamagedException(sha256);
        }

        Trust(sha256, file);
    }

    /// <summary>Whether the file's bytes are those of its name.</summary>
    public static async Task<bool> IsWholeAsync(string sha256, string path, CancellationToken cancellation)
    {
        var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 17, FileOptions.Asynchronous | FileOptions.SequentialScan);
        await using (content.ConfigureAwait(false))
        {
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation).ConfigureAwait(false)) == sha256;
        }
    }
}
