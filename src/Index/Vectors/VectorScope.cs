namespace Pipeline.Index.Vectors;

/// <summary>
/// One scope's vectors in memory, kept in step with its sources: a source's rows are dropped and appended again when it changes, and the whole
/// is rewritten when more than half of it is dropped rows. One writer at a time; scans run beside each other.
/// </summary>
internal sealed class VectorScope : IDisposable
{
    private readonly ReaderWriterLockSlim _lock = new();
    private readonly Dictionary<long, HeldSource> _sources = [];
    private readonly Dictionary<long, int> _rowOf = [];
    private VectorBlocks _blocks;
    private List<HeldRow> _rows = [];

    public VectorScope(int dimensions) => _blocks = new VectorBlocks(dimensions);

    /// <summary>Taken by whoever brings this copy up to date.</summary>
    public SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>The scope's revision that this copy has reached.</summary>
    public long Revision { get; set; }

    /// <summary>Current entries in the scope, and the sum of their terms: what the text ranking needs to know of it.</summary>
    public (long Entries, long Terms) Size { get; private set; }

    /// <summary>Makes the rows all that the source holds.</summary>
    public void Replace(SourceRow source, IReadOnlyList<VectorRow> rows)
    {
        _lock.EnterWriteLock();
        try
        {
            Drop(source.SourceId);
            if (source.Entries == 0)
            {
                return;
            }

            var held = new HeldSource(source, new List<int>(rows.Count));
            _sources[source.SourceId] = held;
            Count(held, 1);
            foreach (var row in rows)
            {
                Append(held, row.EntryId, EntryKinds.Parse(row.Kind) ?? EntryKind.Metadata, row.Vector);
            }

            if (_rows.Count > 4096 && _rows.Count > 2 * _rowOf.Count)
            {
                Rewrite();
            }
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>The <paramref name="limit"/> rows most similar to the query, best first; equal ones in the order of their ids.</summary>
    public IReadOnlyList<(long Id, float Similarity)> Scan(float[] query, VectorFilter filter, int limit)
    {
        var best = new TopK(limit);
        var kinds = filter.Kinds.Aggregate(0, (mask, kind) => mask | (1 << (int)kind));
        _lock.EnterReadLock();
        try
        {
            for (var row = 0; row < _rows.Count; row++)
            {
                var held = _rows[row];
                if (held.Source is not { } source || (kinds != 0 && (kinds & (1 << (int)held.Kind)) == 0)
                    || (filter.Sources is null ? source.Row.Current == 0 : !filter.Sources.Contains(source.Row.SourceId))
                    || filter.Entries?.Contains(held.EntryId) == false)
                {
                    continue;
                }

                var similarity = _blocks.Dot(row, query);
                if (similarity >= best.Floor)
                {
                    best.Offer(held.EntryId, similarity);
                }
            }
        }
        finally
        {
            _lock.ExitReadLock();
        }

        return best.Drain();
    }

    /// <summary>The similarity of one entry; 0 when it is not held.</summary>
    public float Similarity(float[] query, long entryId)
    {
        _lock.EnterReadLock();
        try
        {
            return _rowOf.TryGetValue(entryId, out var row) ? _blocks.Dot(row, query) : 0;
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    public void Dispose()
    {
        _lock.Dispose();
        Gate.Dispose();
    }

    private void Append(HeldSource source, long entryId, EntryKind kind, ReadOnlySpan<byte> vector)
    {
        var row = _blocks.Append(vector);
        _rows.Add(new HeldRow(entryId, source, kind));
        _rowOf[entryId] = row;
        source.Rows.Add(row);
    }

    private void Drop(long sourceId)
    {
        if (!_sources.Remove(sourceId, out var held))
        {
            return;
        }

        Count(held, -1);
        foreach (var row in held.Rows)
        {
            _rowOf.Remove(_rows[row].EntryId);
            _rows[row] = default;
        }
    }

    private void Count(HeldSource held, int sign)
    {
        if (held.Row.Current == 1)
        {
            Size = (Size.Entries + (sign * held.Row.Entries), Size.Terms + (sign * held.Row.Terms));
        }
    }

    private void Rewrite()
    {
        var (blocks, rows) = (_blocks, _rows);
        (_blocks, _rows) = (new VectorBlocks(blocks.Dimensions), new List<HeldRow>(_rowOf.Count));
        foreach (var source in _sources.Values)
        {
            source.Rows.Clear();
        }

        for (var row = 0; row < rows.Count; row++)
        {
            if (rows[row].Source is { } source)
            {
                Append(source, rows[row].EntryId, rows[row].Kind, System.Runtime.InteropServices.MemoryMarshal.AsBytes(blocks.Row(row)));
            }
        }
    }

    private sealed record HeldSource(SourceRow Row, List<int> Rows);

    private readonly record struct HeldRow(long EntryId, HeldSource? Source, EntryKind Kind);
}
