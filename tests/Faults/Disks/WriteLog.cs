namespace Pipeline.Faults.Disks;

/// <summary>All changes that were made below a <see cref="FaultyDisk"/>, beginning with the files that it found: enough to say what a power cut leaves.</summary>
public sealed class WriteLog
{
    private readonly Lock _writing = new();
    private readonly List<Change> _changes = [];
    private readonly Dictionary<string, int> _files = new(StringComparer.Ordinal);
    private int _lastFile;

    /// <summary>How many changes there are by now. What was answered before a power cut at this point must outlive it.</summary>
    public int Count
    {
        get
        {
            lock (_writing)
            {
                return _changes.Count;
            }
        }
    }

    /// <summary>The first <paramref name="count"/> changes.</summary>
    public IReadOnlyList<Change> Until(int count)
    {
        lock (_writing)
        {
            return _changes[..count];
        }
    }

    internal void Create(string path) => Add(() => new Change.Created(_files[path] = ++_lastFile, path));

    /// <summary>Takes up a file that is there from before and counts as flushed.</summary>
    internal void Find(string path)
    {
        lock (_writing)
        {
            if (!_files.ContainsKey(path))
            {
                var file = _files[path] = ++_lastFile;
                _changes.AddRange([new Change.Created(file, path), new Change.Written(file, 0, File.ReadAllBytes(path)), new Change.Synced(file, Folder: true)]);
            }
        }
    }

    internal void Delete(string path, bool durable) => Add(() => _files.Remove(path, out var file) ? new Change.Deleted(file, path, durable) : null);

    internal void Write(string path, long offset, ReadOnlySpan<byte> bytes)
    {
        var copy = bytes.ToArray();
        Add(() => new Change.Written(_files[path], offset, copy));
    }

    internal void Truncate(string path, long size) => Add(() => new Change.Truncated(_files[path], size));

    internal void Sync(string path, bool folder) => Add(() => new Change.Synced(_files[path], folder));

    private void Add(Func<Change?> make)
    {
        lock (_writing)
        {
            if (make() is { } change)
            {
                _changes.Add(change);
            }
        }
    }
}
