using Pipeline.Tools.Media.Errors;

namespace Pipeline.Tools.Media.Mp4;

/// <summary>Reads the sample table (stbl) of a track that is not fragmented.</summary>
internal static class SampleTable
{
    /// <summary>Adds the table's samples to the list.</summary>
    public static void Read(Mp4Box table, SampleList into)
    {
        var sizes = table.TryChild("stsz", out var stsz) ? Sizes(stsz, into) : table.TryChild("stz2", out var stz2) ? PackedSizes(stz2, into) : null;
        if (sizes is null || sizes.Length == 0)
        {
            return;
        }

        into.Reserve(sizes.Length);
        var durations = Runs(table.Child("stts"), sizes.Length, fill: true);
        var shifts = table.TryChild("ctts", out var ctts) ? Runs(ctts, sizes.Length, fill: false) : null;
        var sync = table.TryChild("stss", out var stss) ? Sync(stss, sizes.Length) : null;
        var chunks = Chunks(table);
        var groups = table.Child("stsc");
        var entries = groups.Entries(4, 12);
        var sample = 0;
        for (var entry = 0; entry < entries && sample < sizes.Length; entry++)
        {
            var first = groups.U32(8 + (entry * 12));
            var count = groups.U32(12 + (entry * 12));
            var description = groups.U32(16 + (entry * 12));
            var next = entry + 1 < entries ? groups.U32(20 + (entry * 12)) : (uint)chunks.Length + 1;
            if (first == 0 || next < first || next > (uint)chunks.Length + 1 || description is 0 or > ushort.MaxValue)
            {
                throw new MediaDamagedError("its chunk table contradicts itself");
            }

            for (var chunk = first; chunk < next && sample < sizes.Length; chunk++)
            {
                var offset = chunks[chunk - 1];
                for (uint n = 0; n < count && sample < sizes.Length; n++, sample++)
                {
                    into.Add(offset, sizes[sample], durations[sample], shifts?[sample] ?? 0, sync?[sample] ?? true, (int)description);
                    offset += sizes[sample];
                }
            }
        }

        if (sample < sizes.Length)
        {
            throw new MediaDamagedError($"its chunk table places {sample} of {sizes.Length} samples");
        }
    }

    private static int[] Sizes(Mp4Box box, SampleList into)
    {
        var (uniform, count) = (box.U32(4), box.U32(8));
        into.Take(count);
        if (uniform != 0)
        {
            var same = new int[count];
            Array.Fill(same, uniform <= int.MaxValue ? (int)uniform : throw new MediaDamagedError("a sample is too large"));
            return same;
        }

        var sizes = new int[box.Entries(8, 4)];
        for (var sample = 0; sample < sizes.Length; sample++)
        {
            sizes[sample] = box.I32(12 + (sample * 4));
        }

        return sizes;
    }

    private static int[] PackedSizes(Mp4Box box, SampleList into)
    {
        var bits = box.U8(7);
        var count = box.U32(8);
        into.Take(count);
        if (bits is not (8 or 16) || count > (box.Content.Length - 12) * 8L / bits)
        {
            throw new MediaDamagedError("its compact size table is not right");
        }

        var sizes = new int[count];
        for (var sample = 0; sample < sizes.Length; sample++)
        {
            sizes[sample] = bits == 8 ? box.U8(12 + sample) : box.U16(12 + (sample * 2));
        }

        return sizes;
    }

    // Durations repeat their last value when the table is short, as players do; composition shifts are 0 there.
    private static int[] Runs(Mp4Box box, int count, bool fill)
    {
        var values = new int[count];
        var entries = box.Entries(4, 8);
        var at = 0;
        var value = 0;
        for (var entry = 0; entry < entries && at < count; entry++)
        {
            var run = (int)Math.Min(box.U32(8 + (entry * 8)), (uint)(count - at));
            value = box.I32(12 + (entry * 8));
            Array.Fill(values, value, at, run);
            at += run;
        }

        if (fill && at < count)
        {
            Array.Fill(values, value, at, count - at);
        }

        return values;
    }

    private static bool[] Sync(Mp4Box box, int count)
    {
        var sync = new bool[count];
        var entries = box.Entries(4, 4);
        for (var entry = 0; entry < entries; entry++)
        {
            var number = box.U32(8 + (entry * 4));
            if (number >= 1 && number <= count)
            {
                sync[number - 1] = true;
            }
        }

        return sync;
    }

    private static long[] Chunks(Mp4Box table)
    {
        var wide = table.TryChild("co64", out var box);
        box = wide ? box : table.Child("stco");
        var offsets = new long[box.Entries(4, wide ? 8 : 4)];
        for (var chunk = 0; chunk < offsets.Length; chunk++)
        {
            offsets[chunk] = wide ? box.I64(8 + (chunk * 8)) : box.U32(8 + (chunk * 4));
        }

        return offsets;
    }
}
