using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Workers.Crafts;

/// <summary>What crafts need to know of a file's streams.</summary>
/// <param name="FrameSeconds">How long one frame lasts; a 25th of a second when it is not said.</param>
/// <param name="PictureSeconds">How long there is a picture: sound may end a little later.</param>
/// <param name="DriftSeconds">By how much the ends of picture and sound are apart; null when one is missing or its length is not known.</param>
public sealed record Streams(double? DurationSeconds, int? Width, int? Height, bool HasAudio, bool HasVideo, double FrameSeconds, double? PictureSeconds, double? DriftSeconds)
{
    /// <summary>Reads the answer of probe_media.</summary>
    public static Streams From(JsonObject probe)
    {
        var streams = probe.Objects("streams").ToList();
        var video = streams.Find(stream => stream.Text("kind") == "video");
        var audio = streams.Find(stream => stream.Text("kind") == "audio");
        var rate = video?.Number("fps");
        var drift = Math.Abs((video?.Number("duration_seconds") - audio?.Number("duration_seconds")) ?? double.NaN);
        return new Streams(
            probe.Number("duration_seconds"), (int?)video?.Whole("width"), (int?)video?.Whole("height"), audio is not null, video is not null,
            rate > 0 ? 1 / rate.Value : 0.04, video?.Number("duration_seconds"), double.IsNaN(drift) ? null : drift);
    }
}
