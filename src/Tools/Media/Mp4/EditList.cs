namespace Pipeline.Tools.Media.Mp4;

/// <summary>How a track's media time maps to the presentation: an optional wait, then one stretch of media at normal speed.</summary>
internal readonly record struct EditList(double EmptySeconds, long MediaStart, long? MediaEnd, string? Complex)
{
    public static EditList Read(Mp4Box track, uint movie_timescale, uint timescale)
    {
        if (!track.TryChild("edts", out var container) || !container.TryChild("elst", out var list) || movie_timescale == 0)
        {
            return default;
        }

        var wide = list.Version == 1;
        var entries = list.Entries(4, wide ? 20 : 12);
        var result = new EditList(0, 0, null, null);
        var shown = 0;
        for (var entry = 0; entry < entries; entry++)
        {
            var at = 8 + (entry * (wide ? 20 : 12));
            var duration = wide ? list.I64(at) : list.U32(at);
            var start = wide ? list.I64(at + 8) : list.I32(at + 4);
            var rate = list.I32(at + (wide ? 16 : 8));
            if (start < 0 && shown == 0)
            {
                result = result with { EmptySeconds = result.EmptySeconds + ((double)duration / movie_timescale) };
                continue;
            }

            shown++;
            result = result with
            {
                MediaStart = shown == 1 ? start : result.MediaStart,
                MediaEnd = shown == 1 && duration > 0 ? start + (long)Math.Ceiling((double)(duration + 1) * timescale / movie_timescale) : result.MediaEnd,
                Complex = shown > 1 || start < 0 ? "several edits" : rate != 0x10000 ? "a changed speed" : result.Complex,
            };
        }

        return result;
    }
}
