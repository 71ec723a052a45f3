using System.Collections.Concurrent;
using Pipeline.Storage;
using Pipeline.Storage.Objects;
using Pipeline.Storage.State;
using Pipeline.Tools;

namespace Pipeline.McpServer.Moving;

/// <summary>
/// Sends a folder's objects to a bucket. It may run beside the folder's owner, for objects never change; what is there with its size is not sent
/// again, so it goes on where it was interrupted. Objects that no row names stay behind.
/// </summary>
internal sealed class ObjectMove : IDisposable
{
    private const int Hands = 4;
    private const int Batch = 500;
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    private readonly string _dataFolder;
    private readonly string _spool;
    private readonly FileObjectStore _from;
    private readonly S3ObjectStore _to;
    private readonly TimeProvider _time;
    private readonly Action<string> _say;

    public ObjectMove(string dataFolder, S3Options options, TimeProvider time, Action<string> say)
    {
        // The work folder proper is its owner's, and swept by the next one.
        (_dataFolder, _time, _say) = (dataFolder, time, say);
        _spool = Path.Combine(dataFolder, "moving");
        _from = new FileObjectStore(dataFolder, time);
        _to = new S3ObjectStore(options with { CacheBytes = 0 }, _spool, time);
    }

    /// <summary>Finds out whether the bucket can be used.</summary>
    public Task RequireAsync(CancellationToken cancellation) => _to.Probe.RunAsync(cancellation);

    /// <summary>Sends what is not there and says what is not as it should be.</summary>
    public async Task<MovedObjects> RunAsync(CancellationToken cancellation)
    {
        var there = new Dictionary<string, long>(StringComparer.Ordinal);
        await foreach (var one in _to.ListAsync(cancellation).ConfigureAwait(false))
        {
            there[one.Sha256] = one.SizeBytes;
        }

        var problems = new ConcurrentQueue<string>();
        var (named, sent, sentBytes, told) = (0L, 0L, 0L, _time.GetTimestamp());
        await using var read = SqliteReading.Open(DataFolder.DatabaseOf(_dataFolder), _time);
        for (var after = ""; ;)
        {
            var page = await read.ReadAsync(query => Toolbox.ObjectNames.AfterAsync(query, after, Batch), cancellation).ConfigureAwait(false);
            await Parallel.ForEachAsync(page, new ParallelOptions { MaxDegreeOfParallelism = Hands, CancellationToken = cancellation }, async (sha256, stop) =>
            {
                Interlocked.Increment(ref named);
                if (await _from.HeadAsync(sha256, stop).ConfigureAwait(false) is not { } sizeBytes)
                {
                    if (!there.ContainsKey(sha256))
                    {
                        problems.Enqueue($"object {sha256} is named by a row and not in {_dataFolder}");
                    }
                }
                else if (there.GetValueOrDefault(sha256, -1) != sizeBytes)
                {
                    if (await SendAsync(sha256, sizeBytes, stop).ConfigureAwait(false) is { } problem)
                    {
                        problems.Enqueue(problem);
                    }

                    Interlocked.Add(ref sentBytes, sizeBytes);
                    if (Interlocked.Increment(ref sent) == 1 || _time.GetElapsedTime(Interlocked.Read(ref told)) > Beat)
                    {
                        Interlocked.Exchange(ref told, _time.GetTimestamp());
                        _say($"objects: {Interlocked.Read(ref sent)} sent, {Interlocked.Read(ref sentBytes) >> 20} MiB");
                    }
                }
            }).ConfigureAwait(false);
            if (page.Count < Batch)
            {
                return new(named, sent, sentBytes, [.. problems.Order(StringComparer.Ordinal)]);
            }

            after = page[^1];
        }
    }

    public void Dispose()
    {
        _to.Dispose();
        if (Directory.Exists(_spool))
        {
            Directory.Delete(_spool, recursive: true);
        }
    }

    // The store answers with the hash of what it was sent.
    private async Task<string?> SendAsync(string sha256, long sizeBytes, CancellationToken cancellation)
    {
        try
        {
            StoredObject stored;
            await using (var content = await _from.OpenAsync(sha256, 0, null, cancellation).ConfigureAwait(false))
            {
                stored = await _to.PutAsync(content, cancellation).ConfigureAwait(false);
            }

            if (stored.Sha256 != sha256)
            {
                await _to.DeleteAsync(stored.Sha256, cancellation).ConfigureAwait(false);
            }

            return stored.Sha256 != sha256 ? Damaged(sha256)
                : await _to.HeadAsync(sha256, cancellation).ConfigureAwait(false) is var there && there == sizeBytes ? null
                : $"object {sha256} has {sizeBytes} bytes here and {there?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"} there";
        }
        catch (ObjectDamagedException)
        {
            return Damaged(sha256);
        }
        catch (FileNotFoundException)
        {
            return null; // its last row went, and it with it, while this looked; the next pass knows
        }
    }

    private static string Damaged(string sha256) =>
        $"object {sha256} is damaged in the old folder: 'pipeline scrub' names its assets; put the same bytes again, or restore an older version";
}
