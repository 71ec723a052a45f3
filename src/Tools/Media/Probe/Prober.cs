using System.Globalization;
using System.Text.Json;
using Pipeline.Tools.Media.Errors;
using Pipeline.Tools.Media.Mp4;
using Pipeline.Tools.Media.Programs;
using Pipeline.Tools.Media.Sniff;

namespace Pipeline.Tools.Media.Probe;

/// <summary>Finds out what a file holds: an MP4 from its own header, everything else by ffprobe.</summary>
public sealed class Prober(Ffmpeg ffmpeg)
{
    // Only what is used: tags are a stranger's words of any length.
    private const string Asked =
        "format=duration:stream=index,codec_type,codec_name,width,height,avg_frame_rate,sample_rate,channels,duration:stream_side_data=rotation:stream_tags=:stream_disposition=";

    private static readonly Dictionary<string, string> Codecs = new(StringComparer.Ordinal)
    {
        ["avc1"] = "h264", ["avc3"] = "h264", ["hvc1"] = "hevc", ["hev1"] = "hevc", ["av01"] = "av1", ["vp08"] = "vp8", ["vp09"] = "vp9", ["mp4v"] = "mpeg4", ["mp4a"] = "aac", ["Opus"] = "opus",
        ["fLaC"] = "flac", ["alac"] = "alac", ["ac-3"] = "ac3", ["ec-3"] = "eac3", [".mp3"] = "mp3", ["sowt"] = "pcm_s16le", ["twos"] = "pcm_s16be", ["jpeg"] = "mjpeg", ["tx3g"] = "mov_text", ["apcn"] = "prores",
        ["apch"] = "prores", ["apcs"] = "prores", ["ap4h"] = "prores",
    };

    /// <summary>The facts of a file.</summary>
    public async Task<MediaFacts> ProbeAsync(MediaFile media, WorkFolder job, CancellationToken cancellation) =>
        media.Movie is { } movie ? Of(movie, media.Kind) : await AskAsync(media, job, cancellation).ConfigureAwait(false);

    private static MediaFacts Of(Mp4Movie movie, MediaKind kind)
    {
        var index = SeekIndex.Of(movie);
        return new MediaFacts
        {
            Container = kind.Container,
            MediaType = movie.Video is null && movie.Audio is not null ? "audio/mp4" : kind.MediaType,
            DurationSeconds = Round(movie.DurationSeconds),
            Streams = [.. movie.Tracks.Select(Of)],
            Keyframes = index is null ? null : new KeyframeFacts(index.KeyCount, Round(index.AverageGapSeconds), Round(index.MaxGapSeconds)),
        };
    }

    private static StreamFacts Of(Mp4Track track, int index)
    {
        var turned = track.Rotation is 90 or 270;
        var seconds = track.FirstShown is { } first ? track.EndSeconds - track.Seconds(track.Samples.Time(first)) : 0;
        return new StreamFacts
        {
            Index = index,
            Kind = track.IsVideo ? "video" : track.IsAudio ? "audio" : track.Handler is "text" or "sbtl" or "subt" ? "subtitle" : "data",
            Codec = Codecs.GetValueOrDefault(track.Codec, Mp4Box.Shown(track.Codec)),
            Width = track.IsVideo ? turned ? track.Height : track.Width : null,
            Height = track.IsVideo ? turned ? track.Width : track.Height : null,
            Fps = track.IsVideo && seconds > 0 ? Round(track.Samples.Count * (double)track.Timescale / Math.Max(1, track.Samples.DecodeEnd - track.Samples.DecodeTime(0))) : null,
            RotationDegrees = track.Rotation == 0 ? null : track.Rotation,
            SampleRate = track.IsAudio ? track.SampleRate : null,
            Channels = track.IsAudio ? track.Channels : null,
            DurationSeconds = seconds > 0 ? Round(seconds) : null,
        };
    }

    private async Task<MediaFacts> AskAsync(MediaFile media, WorkFolder job, CancellationToken cancellation)
    {
        using var local = await media.LocalAsync(cancellation).ConfigureAwait(false);
        var input = new FfmpegInput(local.Path, media.Kind.Demuxer);
        var printed = await ffmpeg.ProbeAsync(job, input, ["-show_entries", Asked, "-of", "json"], cancellation).ConfigureAwait(false);
        using var json = Parse(printed);
        var streams = json.RootElement.TryGetProperty("streams", out var list) ? list.EnumerateArray().Select(Of).ToList() : [];
        if (streams.Count == 0)
        {
            throw new MediaDamagedError("it holds no streams");
        }

        double? duration = media.Kind.Still ? null : (json.RootElement.TryGetProperty("format", out var format) ? Number(format, "duration") : null) ?? streams.Max(stream => stream.DurationSeconds);
        return new MediaFacts
        {
            Container = media.Kind.Container,
            MediaType = media.Kind.Container is "matroska" or "webm" or "ogg" && streams.TrueForAll(stream => stream.Kind != "video") ? "audio/" + media.Kind.Container : media.Kind.MediaType,
            DurationSeconds = duration,
            Streams = streams,
            Keyframes = !media.Kind.Still && streams.Exists(stream => stream.Kind == "video") ? await KeysAsync(job, input, duration ?? 0, cancellation).ConfigureAwait(false) : null,
        };
    }

    private async Task<KeyframeFacts?> KeysAsync(WorkFolder job, FfmpegInput input, double durationSeconds, CancellationToken cancellation)
    {
        var (count, last, gap) = (0, 0.0, 0.0);
        await ffmpeg.ProbeLinesAsync(job, input, ["-select_streams", "v:0", "-show_entries", "packet=pts_time,flags", "-of", "csv=p=0"], Add, cancellation).ConfigureAwait(false);
        return count == 0 ? null : new KeyframeFacts(count, Round(durationSeconds / count), Round(Math.Max(gap, durationSeconds - last)));

        void Add(string line)
        {
            var cells = line.Split(',');
            if (cells.Length > 1 && cells[1].StartsWith('K') && double.TryParse(cells[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var time))
            {
                gap = count > 0 ? Math.Max(gap, time - last) : 0;
                (count, last) = (count + 1, time);
            }
        }
    }

    private static StreamFacts Of(JsonElement stream, int index)
    {
        var kind = Text(stream, "codec_type") ?? "data";
        var rotation = stream.TryGetProperty("side_data_list", out var side) ? side.EnumerateArray().Select(data => Number(data, "rotation")).FirstOrDefault(value => value is not null) : null;
        var degrees = (int)((360 - ((rotation ?? 0) % 360)) % 360);
        var turned = degrees is 90 or 270;
        return new StreamFacts
        {
            Index = index,
            Kind = kind == "attachment" ? "data" : kind,
            Codec = Text(stream, "codec_name") ?? "unknown",
            Width = (int?)Number(stream, turned ? "height" : "width"),
            Height = (int?)Number(stream, turned ? "width" : "height"),
            Fps = kind == "video" ? Ratio(Text(stream, "avg_frame_rate")) : null,
            RotationDegrees = degrees == 0 ? null : degrees,
            SampleRate = (int?)Number(stream, "sample_rate"),
            Channels = (int?)Number(stream, "channels"),
            DurationSeconds = Number(stream, "duration"),
        };
    }

    private static JsonDocument Parse(string printed)
    {
        try
        {
            return JsonDocument.Parse(printed);
        }
        catch (JsonException)
        {
            throw new MediaDamagedError("it cannot be described");
        }
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.ToString() : null;

    private static double? Number(JsonElement element, string name) =>
        Text(element, name) is { } text && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private static double? Ratio(string? text)
    {
        var parts = text?.Split('/') ?? [];
        return parts.Length == 2 && double.TryParse(parts[0], CultureInfo.InvariantCulture, out var over) && double.TryParse(parts[1], CultureInfo.InvariantCulture, out var under) && under > 0 && over > 0
            ? Round(over / under)
            : null;
    }

    private static double Round(double value) => Math.Round(value, 6);
}
