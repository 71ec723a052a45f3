using Pipeline.Tools.Media.Errors;

namespace Pipeline.Tools.Media.Mp4;

/// <summary>What a fragment's samples have when neither the fragment nor the run says.</summary>
internal sealed record FragmentDefaults(uint Description, uint Ticks, uint Size, uint Flags);

/// <summary>Collects the samples of movie fragments (moof), per track, in file order.</summary>
internal sealed class FragmentParser(MovieParser movie, long file_bytes, SampleBudget budget)
{
    private const uint NotSync = 0x10000;

    private readonly Dictionary<uint, List<Run>> _runs = [];

    /// <summary>Adds one fragment that lies at <paramref name="position"/> in the file.</summary>
    public void Add(byte[] fragment, long position)
    {
        foreach (var root in new Mp4Boxes(fragment))
        {
            foreach (var child in root.Children())
            {
                if (child.Type == "traf")
                {
                    AddTrack(child, position);
                }
            }
        }
    }

    /// <summary>Appends a track's fragment samples to what its movie box held.</summary>
    public void AppendTo(uint track, SampleList samples)
    {
        foreach (var run in _runs.GetValueOrDefault(track, []))
        {
            if (run.Clock is { } clock && clock > samples.Clock)
            {
                samples.Clock = clock;
            }

            samples.Add(run.Offset, run.Size, run.Ticks, run.Shift, run.Sync, run.Description);
        }
    }

    private void AddTrack(Mp4Box track, long position)
    {
        var header = track.Child("tfhd");
        var id = header.U32(4);
        if (!movie.Defaults.TryGetValue(id, out var defaults))
        {
            throw new MediaDamagedError($"a fragment belongs to track {id}, which is not there");
        }

        var at = 8;
        var place = position;
        if ((header.Flags & 1) != 0)
        {
            place = header.I64(at);
            at += 8;
        }

        defaults = new FragmentDefaults(
            Next((header.Flags & 2) != 0, defaults.Description, header, ref at),
            Next((header.Flags & 8) != 0, defaults.Ticks, header, ref at),
            Next((header.Flags & 16) != 0, defaults.Size, header, ref at),
            Next((header.Flags & 32) != 0, defaults.Flags, header, ref at));
        long? clock = track.TryChild("tfdt", out var time) ? time.Version == 1 ? time.I64(4) : time.U32(4) : null;
        if (!_runs.TryGetValue(id, out var runs))
        {
            _runs[id] = runs = [];
        }

        foreach (var child in track.Children())
        {
            if (child.Type == "trun")
            {
                place = AddRun(child, position, place, defaults, runs, clock);
                clock = null;
            }
        }
    }

    private long AddRun(Mp4Box run, long fragment, long place, FragmentDefaults defaults, List<Run> into, long? clock)
    {
        var flags = run.Flags;
        var at = 8;
        var entry = (((flags >> 8) & 1) + ((flags >> 9) & 1) + ((flags >> 10) & 1) + ((flags >> 11) & 1)) * 4;
        var count = run.U32(4);
        budget.Take(count);
        if ((entry > 0 && count > run.Content.Length / entry) || (entry == 0 && count * (long)Math.Max(1, defaults.Size) > file_bytes))
        {
            throw new MediaDamagedError("a fragment's run is longer than its box");
        }

        if ((flags & 1) != 0)
        {
            place = fragment + run.I32(at);
            at += 4;
        }

        var first = (flags & 4) != 0 ? Next(true, 0, run, ref at) : (uint?)null;
        for (var sample = 0; sample < count; sample++)
        {
            var ticks = Next((flags & 0x100) != 0, defaults.Ticks, run, ref at);
            var size = Next((flags & 0x200) != 0, defaults.Size, run, ref at);
            var own = Next((flags & 0x400) != 0, sample == 0 && first is { } special ? special : defaults.Flags, run, ref at);
            var shift = (int)Next((flags & 0x800) != 0, 0, run, ref at);
            into.Add(new Run(place, size, ticks, shift, (own & NotSync) == 0, (int)Math.Clamp(defaults.Description, 1, ushort.MaxValue), sample == 0 ? clock : null));
            place += size;
        }

        return place;
    }

    private static uint Next(bool present, uint otherwise, Mp4Box box, ref int at)
    {
        if (!present)
        {
            return otherwise;
        }

        at += 4;
        return box.U32(at - 4);
    }

    private readonly record struct Run(long Offset, uint Size, uint Ticks, int Shift, bool Sync, int Description, long? Clock);
}
