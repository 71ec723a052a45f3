using System.Text.Json.Nodes;
using static Pipeline.Tools.Plans.FieldType;

namespace Pipeline.Tools.Plans;

/// <summary>The built-in capabilities, the one place that says what a step may ask for; docs/plans.md is written from it.</summary>
public static class Capabilities
{
    /// <summary>Begins the names of capabilities that are free: any worker may offer them, nothing about them is checked.</summary>
    public const string FreePrefix = "x-";

    private static readonly Field Asset = Need("asset", FieldType.Asset, "The asset to work on.");
    private static readonly Field Output = Need("output", FieldType.Asset, "Where the result is written.");
    private static readonly Field Made = new("asset", FieldType.Asset, "The version that was written, with its @version.");
    private static readonly Field Duration = new("duration_seconds", Number, "Length of the media.");
    private static readonly Field Bytes = new("bytes_read", Integer, "Bytes really read of the source.");

    private static readonly Field[] Picture =
    [
        new("sharpness", Number, "0 to 1; blurred footage is near 0."),
        new("cleanness", Number, "0 to 1; noisy footage is near 0."),
        new("steadiness", Number, "0 to 1; shaken footage is near 0."),
        new("brightness", Number, "Mean luma, 0 to 1."),
        new("loudness_lufs", Number, "Integrated loudness."),
    ];

    private static readonly Field[] Take =
    [
        .. Picture,
        new("motion", Number, "Mean change from frame to frame, 0 to 1."),
        new("black_share", Number, "0 to 1."),
        new("freeze_share", Number, "0 to 1."),
        new("score", Number, "All of these in one, 0 to 1; for sound, whether there is any."),
        new("quality", Number, "The score as the model made it; the router measures models by it."),
    ];

    /// <summary>All of them, in the order of a production.</summary>
    public static IReadOnlyList<Capability> All { get; } =
    [
        new("probe", "probe_media", "Reads container, streams and duration.", [Asset],
            [Duration, new("width", Integer, "Pixels."), new("height", Integer, "Pixels."), new("has_audio", FieldType.Boolean, "Whether it has sound."), new("has_video", FieldType.Boolean, "Whether it has a picture.")],
            [Duration]) { Usual = (0.2, 0) },
        new("transcribe", "index_asset", "Turns speech into a transcript; skipped as no_transcriber when nothing here can.", [Asset, May("language", Text, "Two letters."), May("output", FieldType.Asset, "Where the transcript is written.")],
            [new("transcript_asset", FieldType.Asset, "WebVTT with times."), new("language", Text, "What was heard.")],
            [new("cues", Integer, "Number of cues.")]) { Usual = (1, 0.3) },
        new("index", "index_asset", "Puts transcript and tags into the search index.",
            [Asset, May("transcript", Text, "WebVTT, SRT or Whisper JSON."), May("transcript_asset", FieldType.Asset, "The same as an asset."), May("tags", List, "start_seconds, end_seconds, text, label?, score?."), May("source", Text, "Whose entries these are.")],
            [new("entries", FieldType.Object, "Entry counts by kind.")],
            [new("entries", Integer, "Entries written.")]) { Usual = (0.3, 0.01) },
        new("query", "query_index", "Finds the moments that answer a question.",
            [Need("query", Text, "What to look for, in plain words."), May("workspace", Text, "Where; the run's workspace when left out."), May("limit", Integer, "1 to 100."), May("kinds", TextList, "transcript, frame_tag, metadata."), May("asset", FieldType.Asset, "Only in this asset."), May("filter", FieldType.Object, "Metadata that must match."), May("min_score", Number, "Weaker hits are left out.")],
            [new("hits", List, "hit_id, asset, version, start_seconds, end_seconds, kind, text, score.")],
            [new("hits", Integer, "Number of hits."), new("best_score", Number, "Score of the first hit.")]) { Usual = (0.1, 0) },
        new("extract", "extract_segment", "Cuts a time range, and a region, out of an asset.",
            [May("hit_id", Text, "A hit of query."), May("asset", FieldType.Asset, "The source."), May("start_seconds", Number, "From."), May("end_seconds", Number, "To."), May("mode", Text, "fast or exact."), May("region", FieldType.Object, "x, y, width, height in pixels."), Output],
            [Made, new("start_seconds", Number, "What was really cut."), new("end_seconds", Number, "What was really cut."), new("source_bytes", Integer, "Size of the source."), new("bytes_read", Integer, "Bytes read of it.")],
            [Duration, Bytes, new("saved_share", Number, "Share of the source that was not moved, 0 to 1."), .. Picture]) { OneOf = [["hit_id"], ["asset", "start_seconds", "end_seconds"]], Usual = (0.4, 0.05) },
        new("extract_frames", "extract_frames", "Takes still images at given times.",
            [May("hit_id", Text, "A hit of query."), May("asset", FieldType.Asset, "The source."), May("at_seconds", NumberList, "Times."), May("region", FieldType.Object, "x, y, width, height in pixels."), May("max_edge_pixels", Integer, "Longest edge."), May("format", Text, "jpeg, webp or png."), May("output", FieldType.Asset, "Folder to write to.")],
            [new("assets", AssetList, "The images.")], [Bytes]) { OneOf = [["hit_id"], ["asset", "at_seconds"]], Usual = (0.4, 0) },
        new("contact_sheet", "contact_sheet", "Lays frames with their times out on one image.",
            [May("asset", FieldType.Asset, "One source."), May("assets", AssetList, "Several sources."), May("columns", Integer, "Images in a row."), May("every_seconds", Number, "One frame for so many seconds."), May("output", FieldType.Asset, "Where the image is written.")],
            [Made], []) { OneOf = [["asset"], ["assets"]], Usual = (0.6, 0.02) },
        new("analyze", "analyze_media", "Finds scenes, black, frozen and silent stretches and measures quality.",
            [Asset, May("checks", TextList, "scenes, black, freeze, silence, loudness, blur, ..."),],
            [Made, new("tags", List, "start_seconds, end_seconds, label, score.")],
            [.. Picture, new("scenes", Integer, "Scenes found."), new("black_share", Number, "0 to 1."), new("freeze_share", Number, "0 to 1."), new("silence_share", Number, "0 to 1.")]) { Usual = (0.5, 0.15) },
        Recipe("proxy", "Makes a small copy to work with.", May("height", Integer, "Lines.")),
        Recipe("upscale", "Enlarges the picture.", May("factor", Number, "1 to 4."), May("height", Integer, "Lines.")),
        Recipe("stabilise", "Takes the shake out.", May("strength", Number, "0 to 1.")),
        Recipe("smooth", "Raises the frame rate.", May("frames_per_second", Number, "1 to 120.")),
        Recipe("denoise", "Takes noise out.", May("strength", Number, "0 to 1.")),
        Recipe("sharpen", "Brings edges back.", May("strength", Number, "0 to 1.")),
        Recipe("grade", "Sets colour and contrast.", May("look", Text, "neutral, warm, cool, high_contrast or mono."), May("strength", Number, "0 to 1.")),
        Recipe("loudness", "Brings sound to a target loudness.", May("target_lufs", Number, "-40 to -5.")),
        Recipe("title", "Writes text into the picture.", Need("text", Text, "What it says."), May("start_seconds", Number, "From."), May("end_seconds", Number, "To."), May("position", Text, "top, centre or bottom.")),
        new("speech", "transform_media", "Speaks a text.", [Need("text", Text, "What is said."), May("voice", Text, "Whose voice."), Output], [Made], [Duration]) { Usual = (0.5, 0.05) },
        Generator("generate_text", "Writes text: a script, a shot list, captions.", May("max_output_tokens", Integer, "Most tokens written.")),
        Generator("generate_image", "Makes an image: a keyframe, a character sheet.", May("width", Integer, "Pixels."), May("height", Integer, "Pixels.")),
        Generator("generate_video", "Makes a shot; with references image to video, without text to video.", May("duration_seconds", Number, "Length."), May("resolution", Text, "720p, 1080p, ..."), May("width", Integer, "Pixels."), May("height", Integer, "Pixels."), May("aspect", Text, "16:9."), May("audio", FieldType.Boolean, "With sound.")),
        Generator("generate_audio", "Makes music or effects.", May("duration_seconds", Number, "Length.")),
        new("compare", "contact_sheet", "Lays takes of one thing side by side, measures and looks at them, and keeps a verdict. Claimed by the director, and by workers that name it.",
            [Need("candidates", AssetList, "The takes; empty ones are left out."), May("prompt", Text, "What they should show."), May("references", AssetList, "What they should look like."), Output with { Summary = "Where the picture of all takes is written." }],
            [new("asset", FieldType.Asset, "The winner, with its @version."), new("sheet", FieldType.Asset, "The takes side by side."), new("verdict", FieldType.Object, "winner, method, reasons, takes."), new("retake_prompt", Text, "What to ask for should none do.")],
            [.. Take, Duration, new("margin", Number, "The winner's score less the next."), new("candidates", Integer, "Takes compared.")]) { Usual = (1.5, 0.2) },
        new("compose", "compose_media", "Lays clips, sound and captions onto one timeline.",
            [May("clips", List, "Assets, or objects with asset and times, end to end; empty ones are left out."), May("tracks", List, "Tracks with timestamps, as compose_media takes them."), May("audio", List, "asset and start_seconds."), May("captions", Any, "A caption asset, or a list of start_seconds, end_seconds, text."), May("loudness_lufs", Number, "Levels the sound to this."), Output],
            [Made], [Duration, new("drift_seconds", Number, "Measured between picture and sound.")]) { OneOf = [["clips"], ["tracks"]], Usual = (1, 0.4) },
        new("check", "analyze_media", "Decodes all of it and fails a broken file.",
            [Asset, May("expected_duration_seconds", Number, "What it should last."), May("max_drift_seconds", Number, "Between picture and sound."),
             May("source_loudness_lufs", Number, "Of the loudest part that it is made of: silent footage makes a silent film.")],
            [new("report", FieldType.Object, "Every check with what was measured.")],
            [new("passed", Number, "1 when every check passed, else 0."), Duration, new("drift_seconds", Number, "Between picture and sound."), new("black_share", Number, "0 to 1."), new("freeze_share", Number, "0 to 1."), new("loudness_lufs", Number, "Integrated loudness.")]) { Usual = (0.5, 0.2) },
        new("deliver", "export_asset", "Hands the result over.", [Asset, May("path", Text, "A file under an export root."), May("note", Text, "For whoever receives it.")],
            [new("asset", FieldType.Asset, "The version delivered."), new("path", Text, "Where it went."), new("sha256", Text, "Of its bytes.")], [new("size_bytes", Integer, "Its size.")]) { Usual = (0.3, 0) },
        new("notify", "notify_webhook", "Sends a signed event to whoever subscribed.", [Need("event", Text, "Its kind."), May("payload", FieldType.Object, "What it says."), May("subscription_id", Text, "Only this one.")],
            [new("delivery_ids", TextList, "Deliveries queued.")], []) { Usual = (0.1, 0) },
    ];

    private static readonly Dictionary<string, Capability> ByName = All.ToDictionary(capability => capability.Name, StringComparer.Ordinal);

    /// <summary>The built-in capability of that name, or null.</summary>
    public static Capability? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Whether a step's inputs say how long its media is: of what is made they do, of what is given only where they name a stretch of it.</summary>
    public static bool InputsSayLength(string capability, JsonObject? inputs) => Find(capability)?.Tool == "generate_media" || inputs?.ContainsKey("start_seconds") == true;

    /// <summary>Whether a worker may offer it without it being built in.</summary>
    public static bool IsFree(string name) => name.StartsWith(FreePrefix, StringComparison.Ordinal) && name.Length > FreePrefix.Length;

    private static Capability Recipe(string name, string summary, params Field[] options) =>
        new(name, "transform_media", summary, [Asset, .. options, Output], [Made],
            [.. Picture, Duration, .. Picture.Select(metric => metric with { Name = metric.Name + "_before", Summary = "The same before." })])
        { Usual = (0.5, 0.8) };

    private static Capability Generator(string name, string summary, params Field[] options) =>
        new(name, "generate_media", summary, [Need("prompt", Text, "What to make."), May("references", AssetList, "Pinned versions to keep to."), .. options, May("parameters", FieldType.Object, "For the model."), Output], [Made], [Duration, .. Take]) { Usual = (10, 2) };

    private static Field Need(string name, FieldType type, string summary) => new(name, type, summary, Required: true);

    private static Field May(string name, FieldType type, string summary) => new(name, type, summary);
}
