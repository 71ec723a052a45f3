using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Workers.Crafts;

/// <summary>
/// <c>compose</c>: clips end to end, or tracks as they are given, onto one timeline. Captions are a list with times, or one text
/// for each clip, shown while that clip plays.
/// </summary>
public sealed class ComposeCraft : ICraft
{
    public IReadOnlyList<string> Capabilities { get; } = ["compose"];

    public async Task<StepReport> DoAsync(StepWork work, CancellationToken ct)
    {
        var output = work.Need("output");
        double? planned = null;
        JsonNode tracks;
        if (work.Inputs["clips"] is JsonArray clips)
        {
            var timeline = Timeline.EndToEnd(await MeasureAsync(work, clips, ct).ConfigureAwait(false));
            if (timeline.Clips.Count == 0) throw new CraftFailed("no_clips", "There is no clip: nothing was found, or nothing could be cut.");
            (planned, tracks) = (timeline.Seconds, Tracks(timeline, work.Inputs));
        }
        else
        {
            tracks = work.Inputs["tracks"]?.DeepClone() ?? throw new CraftFailed("missing_input", "compose needs clips or tracks.");
        }

        var held = await work.LockAsync(output, ct).ConfigureAwait(false);
        await using (held.ConfigureAwait(false))
        {
            var made = await work.WriteAsync("compose_media", new { tracks, loudness_lufs = work.Inputs.Number("loudness_lufs"), output }, held, "compose", ct).ConfigureAwait(false);
            return StepReport.Of(
                new { asset = StepWork.Pinned(made) },
                new { duration_seconds = made.Number("duration_seconds"), drift_seconds = made.Number("drift_seconds"), planned_seconds = planned });
        }
    }

    /// <summary>The timeline as compose_media takes it, with the sound and the timed captions that were given beside it.</summary>
    private static JsonObject Tracks(Timeline timeline, JsonObject inputs)
    {
        var tracks = (JsonObject)Wire.Object(new
        {
            video = timeline.Clips.Select(placed => new { asset = placed.Clip.Asset, start_seconds = placed.Clip.StartSeconds, end_seconds = placed.Clip.EndSeconds }),
            captions = timeline.Captions.Count > 0 ? timeline.Captions : null,
        });
        if (inputs["audio"] is JsonArray sounds) tracks["audio"] = new JsonArray([.. sounds.Where(IsThere).Select(Sound)]);
        if (inputs["captions"] is JsonArray captions && !IsPerClip(captions)) tracks["captions"] = new JsonArray([.. captions.Where(IsTimed).Select(caption => caption?.DeepClone())]);
        return tracks;
    }

    // What was passed over left its asset or its time empty.
    private static bool IsThere(JsonNode? sound) => AsText(sound) is not null || (sound as JsonObject)?.Text("asset") is not null;

    private static bool IsTimed(JsonNode? caption) => caption is JsonObject given && given.Number("start_seconds") is not null && given.Number("end_seconds") is not null;

    // A sound's start_seconds is its place on the timeline; compose_media calls that at_seconds.
    private static JsonObject Sound(JsonNode? sound)
    {
        var given = sound as JsonObject ?? new JsonObject { ["asset"] = AsText(sound) };
        return Wire.Object(new { asset = given.Text("asset"), at_seconds = given.Number("at_seconds") ?? given.Number("start_seconds"), gain_db = given.Number("gain_db") });
    }

    private static async Task<List<Clip>> MeasureAsync(StepWork work, JsonArray clips, CancellationToken ct)
    {
        if (AsText(work.Inputs["captions"]) is { } file) throw new CraftFailed("not_supported", $"Captions are a list here, not the asset {file}.");
        var texts = work.Inputs["captions"] is JsonArray list && IsPerClip(list) ? list : [];
        var measured = new List<Clip>();
        for (var i = 0; i < clips.Count; i++)
        {
            // A clip that was passed over leaves its place empty; its caption goes with it.
            var given = clips[i] as JsonObject;
            if ((given?.Text("asset") ?? AsText(clips[i])) is not { } asset) continue;
            var probe = Streams.From(await work.ReadAsync("probe_media", new { asset }, ct).ConfigureAwait(false));
            if ((probe.PictureSeconds ?? probe.DurationSeconds) is not { } seconds) throw new CraftFailed("not_media", $"The duration of {asset} is not known.");
            measured.Add(new Clip(asset, given?.Number("start_seconds") ?? 0, given?.Number("end_seconds") ?? seconds, given?.Text("caption") ?? AsText(texts.ElementAtOrDefault(i))));
        }

        return measured;
    }

    private static bool IsPerClip(JsonArray captions) => captions.All(text => text is null || AsText(text) is not null);

    private static string? AsText(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
}
