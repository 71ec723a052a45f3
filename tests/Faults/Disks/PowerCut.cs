namespace Pipeline.Faults.Disks;

/// <summary>
/// What lies on a disk after its power was cut: all that was flushed; of what was not, any part, down to single sectors. The names in a folder
/// change in order, as a journalling file system keeps them, but as many of the last changes are lost as nobody flushed.
/// </summary>
/// <param name="sectorBytes">What a disk writes whole or not at all.</param>
public sealed class PowerCut(int sectorBytes = 512)
{
    /// <summary>Makes the files that are left in <paramref name="folder"/>, an empty one.</summary>
    /// <param name="changes">All changes until the cut.</param>
    /// <param name="chance">Decides what of the rest has arrived.</param>
    /// <param name="folder">Where to.</param>
    public void Leave(IReadOnlyList<Change> changes, Random chance, string folder)
    {
        foreach (var (path, file) in Names(changes, chance))
        {
            using var stream = new FileStream(Path.Combine(folder, Path.GetFileName(path)), FileMode.CreateNew, FileAccess.ReadWrite);
            var flushed = LastIndex(changes, change => change is Change.Synced && change.File == file);
            for (var n = 0; n < changes.Count; n++)
            {
                if (changes[n].File == file)
                {
                    Apply(stream, changes[n], n <= flushed ? null : chance);
                }
            }
        }
    }

    private static Dictionary<string, int> Names(IReadOnlyList<Change> changes, Random chance)
    {
        var flushed = LastIndex(changes, change => change is Change.Synced { Folder: true } or Change.Deleted { Durable: true });
        var later = changes.Skip(flushed + 1).Count(IsNaming);
        var kept = changes.Take(flushed + 1).Where(IsNaming).Concat(changes.Skip(flushed + 1).Where(IsNaming).Take(chance.Next(later + 1)));
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var change in kept)
        {
            if (change is Change.Created made)
            {
                names[made.Path] = made.File;
            }
            else
            {
                names.Remove(((Change.Deleted)change).Path);
            }
        }

        return names;
    }

    private static bool IsNaming(Change change) => change is Change.Created or Change.Deleted;

    private static int LastIndex(IReadOnlyList<Change> changes, Func<Change, bool> fits)
    {
        var n = changes.Count - 1;
        while (n >= 0 && !fits(changes[n]))
        {
            n--;
        }

        return n;
    }

    private void Apply(FileStream stream, Change change, Random? chance)
    {
        switch (change)
        {
            case Change.Truncated cut when chance is null || chance.Next(2) == 0:
                stream.SetLength(cut.Size);
                break;
            case Change.Written written when chance is null:
                Write(stream, written.Offset, written.Bytes.Span);
                break;
            case Change.Written written:
                Tear(stream, written, chance);
                break;
        }
    }

    // A third arrives whole, a third not at all, and of the last third each sector for itself.
    private void Tear(FileStream stream, Change.Written written, Random chance)
    {
        var fate = chance.Next(3);
        for (var at = 0; at < written.Bytes.Length && fate > 0;)
        {
            var length = (int)Math.Min(written.Bytes.Length - at, sectorBytes - ((written.Offset + at) % sectorBytes));
            if (fate == 1 || chance.Next(2) == 0)
            {
                Write(stream, written.Offset + at, written.Bytes.Span.Slice(at, length));
            }

            at += length;
        }
    }

    private static void Write(FileStream stream, long offset, ReadOnlySpan<byte> bytes)
    {
        stream.Position = offset;
        stream.Write(bytes);
    }
}
