namespace Pipeline.Storage.Objects;

/// <summary>
/// Whole objects on this machine's disk, each verified as it came. What nobody holds goes, the least recently used first, when there is more
/// than the budget; what is held stays. It is empty after a start: nobody knows what happened to the files meanwhile.
/// </summary>
/// <param name="folder">Made when first needed.</param>
/// <param name="budgetBytes">How much may lie there unheld.</param>
internal sealed class LocalCache(string folder, long budgetBytes)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _sizes = new(StringComparer.Ordinal);
    private long _clock;
    private long _bytes;

    /// <summary>A hold on the object's file; <paramref name="fetch"/> runs once however many ask, and stops when the last of them is gone.</summary>
    /// <param name="sha256">The object's name.</param>
    /// <param name="fetch">Writes the object to the path given and returns its size, or throws.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<LocalObject> HoldAsync(string sha256, Func<string, CancellationToken, Task<long>> fetch, CancellationToken cancellation)
    {
        var entry = Take(sha256, fetch);
        try
        {
            await entry.Fetching.WaitAsync(cancellation).ConfigureAwait(false);
            return new LocalObject(PathOf(sha256), new Hold(this, sha256, entry).Release);
        }
        catch
        {
            Release(sha256, entry);
            throw;
        }
    }

    /// <summary>The object's file, opened, if it is here.</summary>
    public FileStream? TryOpen(string sha256)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(sha256, out var entry) || !entry.Fetching.IsCompletedSuccessfully)
            {
                return null;
            }

            entry.UsedAt = ++_clock;
            try
            {
                return new FileStream(PathOf(sha256), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, FileOptions.Asynchronous);
            }
            catch (IOException)
            {
                return null; // someone tidied the folder; the store has it
            }
        }
    }

    /// <summary>Takes over a file whose bytes are known to be the object's; it is gone either way.</summary>
    public void Offer(StoredObject content, string file)
    {
        lock (_gate)
        {
            if (_entries.ContainsKey(content.Sha256) || content.SizeBytes > budgetBytes)
            {
                File.Delete(file);
                return;
            }

            Directory.CreateDirectory(folder);
            Protect(file);
            File.Move(file, PathOf(content.Sha256), overwrite: true);
            _entries[content.Sha256] = new Entry(Task.CompletedTask, new()) { UsedAt = ++_clock };
            Count(content.Sha256, content.SizeBytes);
            Trim();
        }
    }

    /// <summary>Lets go of the object unless someone holds it.</summary>
    public void Forget(string sha256)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(sha256, out var entry) && entry.Holds == 0)
            {
                Remove(sha256, entry);
            }
        }
    }

    private Entry Take(string sha256, Func<string, CancellationToken, Task<long>> fetch)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(sha256, out var entry) || entry.Fetching is { IsFaulted: true } or { IsCanceled: true } || (entry.Fetching.IsCompleted && !File.Exists(PathOf(sha256))))
            {
                var stop = new CancellationTokenSource();
                entry = new Entry(Task.Run(() => FetchAsync(sha256, fetch, stop.Token), CancellationToken.None), stop);
                _entries[sha256] = entry;
            }

            entry.Holds++;
            entry.UsedAt = ++_clock;
            return entry;
        }
    }

    private async Task FetchAsync(string sha256, Func<string, CancellationToken, Task<long>> fetch, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var coming = $"{PathOf(sha256)}.{Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(4))}";
        try
        {
            var size = await fetch(coming, cancellation).ConfigureAwait(false);
            Protect(coming);
            lock (_gate)
            {
                cancellation.ThrowIfCancellationRequested(); // nobody holds it any more
                File.Move(coming, PathOf(sha256), overwrite: true);
                Count(sha256, size);
            }
        }
        finally
        {
            File.Delete(coming);
        }
    }

    private void Release(string sha256, Entry entry)
    {
        lock (_gate)
        {
            if (--entry.Holds > 0)
            {
                return;
            }

            if (!entry.Fetching.IsCompletedSuccessfully)
            {
                entry.Stop.Cancel();
                if (_entries.GetValueOrDefault(sha256) == entry)
                {
                    _entries.Remove(sha256);
                }
            }

            Trim();
        }
    }

    private void Trim()
    {
        foreach (var (sha256, entry) in _bytes <= budgetBytes ? [] : _entries.Where(one => one.Value.Holds == 0 && one.Value.Fetching.IsCompletedSuccessfully).OrderBy(one => one.Value.UsedAt).ToList())
        {
            Remove(sha256, entry);
            if (_bytes <= budgetBytes)
            {
                return;
            }
        }
    }

    private void Remove(string sha256, Entry entry)
    {
        _entries.Remove(sha256);
        if (entry.Fetching.IsCompletedSuccessfully)
        {
            Count(sha256, 0);
            File.Delete(PathOf(sha256));
        }
    }

    private void Count(string sha256, long sizeBytes)
    {
        _bytes += sizeBytes - _sizes.GetValueOrDefault(sha256);
        _sizes[sha256] = sizeBytes;
        if (sizeBytes == 0)
        {
            _sizes.Remove(sha256);
        }
    }

    private static void Protect(string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead);
        }
    }

    private string PathOf(string sha256) => Path.Combine(folder, sha256);

    private sealed class Entry(Task fetching, CancellationTokenSource stop)
    {
        public Task Fetching => fetching;

        public CancellationTokenSource Stop => stop;

        public int Holds { get; set; }

        public long UsedAt { get; set; }
    }

    private sealed class Hold(LocalCache cache, string sha256, Entry entry)
    {
        private int _released;

        public void Release()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
            {
                cache.Release(sha256, entry);
            }
        }
    }
}
