using Pipeline.Tools.Media.Errors;

namespace Pipeline.Tools.Media.Mp4;

/// <summary>
/// Which samples a cut needs. Pictures run from the key frame that shows the first wanted frame to the last sample, in decode order, that
/// holds a wanted one; frames before and after stay hidden behind an edit list. Leading pictures of an open first group cannot be decoded
/// without the group before, are never shown, and are left out.
/// </summary>
public sealed class CutSelection
{
    // A range in decimal seconds cannot hit a frame's exact tick; half a millisecond is less than any frame.
    private const double Slack = 0.0005;

    private CutSelection(IReadOnlyList<CutTrack> tracks) => Tracks = tracks;

    public IReadOnlyList<CutTrack> Tracks { get; }

    /// <summary>The time of the first sample that is in the cut, hidden or not, from the movie's first frame.</summary>
    public double StartSeconds { get; private init; }

    /// <summary>The time of the first frame or sound that is shown.</summary>
    public double ShownSeconds { get; private init; }

    /// <summary>The time at which the last shown frame ends.</summary>
    public double EndSeconds { get; private init; }

    /// <summary>True when nothing but the shown frames is in the cut, so that every player shows exactly these.</summary>
    public bool Exact { get; private init; }

    /// <summary>Bytes of the chosen samples.</summary>
    public long NeededBytes => Tracks.Sum(track => track.Samples.Sum(sample => (long)track.Track.Samples.Size(sample)));

    /// <summary>The same with what decoders need to know from the start of the file.</summary>
    internal async Task<CutSelection> MarkedAsync(RangedSource source, CancellationToken cancellation)
    {
        var tracks = new List<CutTrack>();
        foreach (var track in Tracks)
        {
            tracks.Add(await EncoderMark.FindAsync(track, source, cancellation).ConfigureAwait(false) is { } mark ? track with { Mark = mark } : track);
        }

        return new CutSelection(tracks) { StartSeconds = StartSeconds, ShownSeconds = ShownSeconds, EndSeconds = EndSeconds, Exact = Exact };
    }

    /// <summary>Chooses the samples of a range; <paramref name="sound"/> false leaves sound out.</summary>
    /// <exception cref="InvalidRangeError">The range is not inside the movie.</exception>
    /// <exception cref="NotSupportedByMediaError">The movie's edit list is more than one plain edit.</exception>
    public static CutSelection Range(Mp4Movie movie, double start_seconds, double end_seconds, bool sound = true)
    {
        movie.Check(start_seconds, end_seconds);
        foreach (var track in movie.Tracks)
        {
            if (track.Complex is { } complex)
            {
                throw new NotSupportedByMediaError("edit_list", $"The movie has an edit list with {complex}, which the remuxer does not take apart.");
            }
        }

        var origin = movie.OriginSeconds;
        var (from, to) = (start_seconds + origin, Math.Min(end_seconds, movie.DurationSeconds) + origin);
        var video = movie.Video;
        var picture = video is null ? null : Picture(video, from, to);
        var (key, first, last) = picture is { } shown && video is not null
            ? (video.Seconds(shown.KeyTime), video.Seconds(shown.Track.MediaStart + shown.Track.Zero), video.Seconds(shown.EndTime))
            : (from, from, to);
        List<CutTrack> tracks = picture is null ? [] : [picture.Value.Track];
        if (sound || picture is null)
        {
            tracks.AddRange(movie.Tracks.Where(track => track.IsAudio).Select(track => Sound(track, key, first, last)).OfType<CutTrack>());
        }

        return tracks.Count == 0
            ? throw new InvalidRangeError(start_seconds, end_seconds, movie.DurationSeconds, "holds neither sound nor picture: it is shorter than a frame or lies in a gap")
            : new CutSelection(tracks) { StartSeconds = key - origin, ShownSeconds = first - origin, EndSeconds = last - origin, Exact = picture?.Exact ?? true };
    }

    /// <summary>Chooses only the key frames nearest to the given times: a reel in which every frame keeps its own time.</summary>
    public static CutSelection Keys(Mp4Movie movie, IReadOnlyList<double> at_seconds)
    {
        var video = movie.Video ?? throw new NotSupportedByMediaError("pictures", "The movie has no pictures.");
        var origin = movie.OriginSeconds;
        var keys = Enumerable.Range(0, video.Samples.Count).Where(video.Samples.Sync).DefaultIfEmpty(0).ToArray();
        var times = Array.ConvertAll(keys, key => video.Seconds(video.Samples.Time(key)) - origin);
        var chosen = at_seconds.Select(at => keys[Nearest(times, at)]).Distinct().Order().ToArray();
        var zero = video.Samples.DecodeTime(chosen[0]);
        var start = video.Samples.Time(chosen[0]) - zero;
        var length = video.EndSeconds - video.Seconds(video.Samples.Time(chosen[0]));
        return new CutSelection([new CutTrack(video, chosen, zero, start, 0, length)])
        {
            StartSeconds = video.Seconds(video.Samples.Time(chosen[0])) - origin,
            ShownSeconds = video.Seconds(video.Samples.Time(chosen[0])) - origin,
            EndSeconds = video.EndSeconds - origin,
        };
    }

    private static int Nearest(double[] times, double at)
    {
        var index = Array.BinarySearch(times, at);
        index = index < 0 ? ~index : index;
        return index == times.Length || (index > 0 && at - times[index - 1] <= times[index] - at) ? index - 1 : index;
    }

    private static (CutTrack Track, long KeyTime, long EndTime, bool Exact)? Picture(Mp4Track track, double from, double to)
    {
        var samples = track.Samples;
        var stop = Math.Min(track.Ticks(to - Slack), track.MediaEnd ?? long.MaxValue);
        var first = samples.FirstFrom(Math.Max(track.MediaStart, track.Ticks(from - Slack)));
        if (first is null || samples.Time(first.Value) >= stop)
        {
            // Between two frames: the one that is on screen there. After the last: none.
            first = samples.LastUntil(stop);
            if (first is null || samples.TimeEnd(first.Value) <= track.Ticks(from))
            {
                return null;
            }
        }

        var shown = samples.Time(first.Value);
        var key = samples.KeyFor(first.Value);
        var (low, high) = samples.Near(shown, Math.Max(stop, shown + 1));
        var (last, end) = (first.Value, shown);
        for (var sample = low; sample < high; sample++)
        {
            var time = samples.Time(sample);
            if (time >= shown && (time < stop || sample == first))
            {
                last = Math.Max(last, sample);
                end = Math.Max(end, time);
            }
        }

        end = samples.TimeEnd(samples.LastUntil(end)!.Value);
        var keyTime = samples.Time(key);
        var settled = key + 1; // Only pictures between the first key frame and the next can lead it.
        while (settled <= last && !samples.Sync(settled))
        {
            settled++;
        }

        var chosen = Enumerable.Range(key, last - key + 1).Where(sample => sample == key || sample >= settled || samples.Time(sample) >= keyTime).ToArray();
        var zero = samples.DecodeTime(key);
        var exact = key == first && chosen.All(sample => samples.Time(sample) < end);
        return (new CutTrack(track, chosen, zero, shown - zero, 0, (double)(end - shown) / track.Timescale), keyTime, end, exact);
    }

    private static CutTrack? Sound(Mp4Track track, double key, double first, double last)
    {
        var samples = track.Samples;
        if (samples.Count == 0)
        {
            return null;
        }

        var (keyTicks, firstTicks, lastTicks) = (track.Ticks(key), Math.Max(track.MediaStart, track.Ticks(first)), Math.Min(track.Ticks(last), track.MediaEnd ?? long.MaxValue));
        var start = samples.LastUntil(Math.Max(keyTicks, track.MediaStart)) ?? 0;
        var end = samples.LastUntil(lastTicks - 1);
        var soundEnd = end is null ? 0 : Math.Min(lastTicks, samples.Time(end.Value) + Math.Max(1, samples.Duration(end.Value)));
        if (end is null || end < start || soundEnd <= firstTicks)
        {
            return null;
        }

        start = samples.KeyFor(Math.Max(0, start - 1)); // Codecs with overlapping windows need the frame before.
        var zero = samples.DecodeTime(start);
        var begin = Math.Max(firstTicks, samples.Time(start));
        return new CutTrack(
            track, [.. Enumerable.Range(start, end.Value - start + 1)], zero, begin - zero, Math.Max(0, track.Seconds(begin) - first), (double)(soundEnd - begin) / track.Timescale);
    }
}
