namespace Pipeline.Index;

/// <summary>
/// The postings of one term in one source as bytes: for each entry the distance of its id from the one before (the first from a given id), the
/// count with the window mark as its lowest bit, and the length, each as groups of seven bits, lowest first. About three bytes a posting.
/// </summary>
public static class PostingList
{
    /// <summary>Packs postings that stand in the order of their ids, none below <paramref name="firstId"/>.</summary>
    public static byte[] Pack(long firstId, IReadOnlyList<Posting> postings)
    {
        var packed = new List<byte>(postings.Count * 3);
        foreach (var posting in postings)
        {
            Write(packed, (ulong)(posting.EntryId - firstId));
            Write(packed, ((ulong)posting.Count << 1) | (posting.IsWindow ? 1UL : 0UL));
            Write(packed, (ulong)posting.Length);
            firstId = posting.EntryId;
        }

        return [.. packed];
    }

    /// <summary>The postings again, one at each call, from <paramref name="packed"/>, which moves on; false at its end.</summary>
    /// <param name="packed">What is left to read.</param>
    /// <param name="lastId">Before the first call the id given to <see cref="Pack"/>; then that of the last posting read.</param>
    /// <param name="posting">The posting read.</param>
    public static bool TryRead(ref ReadOnlySpan<byte> packed, ref long lastId, out Posting posting)
    {
        if (packed.IsEmpty)
        {
            posting = default;
            return false;
        }

        lastId += (long)Read(ref packed);
        var count = Read(ref packed);
        posting = new Posting(lastId, (int)(count >> 1), (int)Read(ref packed), (count & 1) == 1);
        return true;
    }

    private static void Write(List<byte> packed, ulong value)
    {
        for (; value > 0x7F; value >>= 7)
        {
            packed.Add((byte)(value | 0x80));
        }

        packed.Add((byte)value);
    }

    private static ulong Read(ref ReadOnlySpan<byte> packed)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var group = packed[0];
            packed = packed[1..];
            value |= (ulong)(group & 0x7F) << shift;
            if (group <= 0x7F)
            {
                return value;
            }
        }
    }
}
