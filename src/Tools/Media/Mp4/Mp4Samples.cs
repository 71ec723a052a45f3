namespace Pipeline.Tools.Media.Mp4;

/// <summary>A track's samples in decode order, as parallel arrays.</summary>
public sealed class Mp4Samples
{
    private readonly long[] _offsets;
    private readonly int[] _sizes;
    private readonly long[] _decode;
    private readonly int[] _shift;
    private readonly bool[] _sync;
    private readonly ushort[] _description;

    internal Mp4Samples(long[] offsets, int[] sizes, long[] decode, int[] shift, bool[] sync, ushort[] description, long end)
    {
        (_offsets, _sizes, _decode, _shift, _sync, _description, DecodeEnd) = (offsets, sizes, decode, shift, sync, description, end);
        foreach (var value in shift)
        {
            (MinShift, MaxShift) = (Math.Min(MinShift, value), Math.Max(MaxShift, value));
        }

        AllSync = Array.TrueForAll(sync, value => value);
    }

    public int Count => _offsets.Length;

    /// <summary>Decode time after the last sample, in the track's timescale.</summary>
    public long DecodeEnd { get; }

    /// <summary>True when every sample can be decoded alone.</summary>
    public bool AllSync { get; }

    /// <summary>True when presentation order differs from decode order.</summary>
    public bool Reordered => MinShift != MaxShift;

    internal int MinShift { get; }

    internal int MaxShift { get; }

    public long Offset(int sample) => _offsets[sample];

    public int Size(int sample) => _sizes[sample];

    public long DecodeTime(int sample) => _decode[sample];

    public int Shift(int sample) => _shift[sample];

    public bool Sync(int sample) => _sync[sample];

    public int Description(int sample) => _description[sample];

    /// <summary>Presentation time in the track's timescale.</summary>
    public long Time(int sample) => _decode[sample] + _shift[sample];

    public long Duration(int sample) => (sample + 1 < Count ? _decode[sample + 1] : DecodeEnd) - _decode[sample];

    /// <summary>The decode-order indices whose presentation time can lie in [from, to]: first, and one past the last.</summary>
    public (int First, int End) Near(long from, long to) => (Lower(from - MaxShift), Lower(to - MinShift + 1));

    /// <summary>The sample with the smallest presentation time that is at least <paramref name="time"/>; null past the end.</summary>
    public int? FirstFrom(long time)
    {
        time = Math.Max(time, MinShift); // No sample is earlier, and the search must end.
        for (long reach = 1 << 10; ; reach = Math.Min(reach * 8, long.MaxValue / 4))
        {
            var (first, end) = Near(time, time + reach);
            int? best = null;
            for (var sample = first; sample < end; sample++)
            {
                if (Time(sample) >= time && Time(sample) <= time + reach && (best is null || Time(sample) < Time(best.Value)))
                {
                    best = sample;
                }
            }

            if (best is not null || end >= Count)
            {
                return best;
            }
        }
    }

    /// <summary>The sample shown at a time: the one with the largest presentation time that is not after it; null before the first.</summary>
    public int? LastUntil(long time)
    {
        time = Math.Min(time, DecodeEnd + MaxShift);
        for (long reach = 1 << 10; ; reach = Math.Min(reach * 8, long.MaxValue / 4))
        {
            var (first, end) = Near(time - reach, time);
            int? best = null;
            for (var sample = first; sample < end; sample++)
            {
                if (Time(sample) <= time && Time(sample) >= time - reach && (best is null || Time(sample) > Time(best.Value)))
                {
                    best = sample;
                }
            }

            if (best is not null || first == 0)
            {
                return best;
            }
        }
    }

    /// <summary>When the sample stops being shown: the next presentation time, or its own duration's end for the last.</summary>
    public long TimeEnd(int sample) => FirstFrom(Time(sample) + 1) is { } next ? Time(next) : Time(sample) + Math.Max(1, Duration(sample));

    /// <summary>The sample that decoding must start from to show this one: the last sync sample, in decode order, that is not shown after it.</summary>
    public int KeyFor(int sample)
    {
        for (var key = sample; key > 0; key--)
        {
            if (_sync[key] && Time(key) <= Time(sample))
            {
                return key;
            }
        }

        return 0;
    }

    // The first index whose decode time is not below the value.
    private int Lower(long value)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _decode[middle] < value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
