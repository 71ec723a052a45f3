using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Tools.Models;

/// <summary>What a step asks of a model, read from its inputs. What the inputs do not say has the defaults given here.</summary>
public sealed record Demand
{
    private const int CharactersPerToken = 4;

    public required string Capability { get; init; }

    public string Prompt { get; init; } = "";

    /// <summary>Seconds of media; 5 when nothing is said, as most generators make.</summary>
    public double DurationSeconds { get; init; } = 5;

    public int Width { get; init; } = 1280;

    public int Height { get; init; } = 720;

    /// <summary>Whether the size was asked for: a default size never disqualifies a model.</summary>
    public bool SizeAsked { get; init; }

    public string? Aspect { get; init; }

    public int References { get; init; }

    public bool Audio { get; init; }

    /// <summary>The kinds of media handed over.</summary>
    public IReadOnlyList<MediaKind> Given { get; init; } = [];

    public long InputTokens => Math.Max(1, (Prompt.Length + CharactersPerToken - 1) / CharactersPerToken);

    public long OutputTokens { get; init; } = 1_000;

    /// <summary>What it was read from.</summary>
    public JsonObject? Inputs { get; init; }

    /// <summary>
    /// Reads <paramref name="inputs"/>: prompt or text, duration_seconds (or start_seconds and end_seconds), width and height or
    /// resolution (<c>1080p</c>), aspect, audio, image or references[] and max_output_tokens. Values that are not there yet
    /// (expressions) and unknown names are passed over.
    /// </summary>
    public static Demand From(string capability, JsonObject? inputs)
    {
        inputs ??= [];
        var given = new List<MediaKind>();
        var prompt = Text(inputs, "prompt") ?? Text(inputs, "text") ?? "";
        if (inputs["prompt"] is not null || inputs["text"] is not null) given.Add(MediaKind.Text);
        var references = (inputs["references"] as JsonArray)?.Count ?? 0;
        if (inputs["references"] is JsonValue) references = 1;
        if (inputs["image"] is not null) references++;
        if (references > 0) given.Add(MediaKind.Image);
        if (inputs["asset"] is not null) given.Add(MediaKind.Video);
        var (width, height) = Size(inputs);
        return new Demand
        {
            Capability = capability,
            Prompt = prompt,
            DurationSeconds = Duration(inputs) ?? 5,
            Width = width ?? (height is { } h ? h * 16 / 9 : 1280),
            Height = height ?? 720,
            SizeAsked = width is not null || height is not null,
            Aspect = Text(inputs, "aspect"),
            References = references,
            Audio = inputs["audio"] is JsonValue audio && audio.GetValueKind() == JsonValueKind.True,
            Given = given,
            Inputs = inputs,
            OutputTokens = Number(inputs, "max_output_tokens") is { } most and >= 0 and <= 10_000_000 ? (long)most : 1_000,
        };
    }

    private static double? Duration(JsonObject inputs)
    {
        if (Number(inputs, "duration_seconds") is { } seconds) return Bounded(seconds);
        return Number(inputs, "start_seconds") is { } start && Number(inputs, "end_seconds") is { } end ? Bounded(end - start) : null;
    }

    private static double Bounded(double seconds) => double.IsFinite(seconds) ? Math.Clamp(seconds, 0, 1_000_000) : 0;

    private static (int? Width, int? Height) Size(JsonObject inputs)
    {
        if (Text(inputs, "resolution") is { Length: > 1 and < 7 } name && name[^1] == 'p' && int.TryParse(name.AsSpan(0, name.Length - 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var lines))
            return (Edge(inputs, "width"), Math.Max(lines, Edge(inputs, "height") ?? 0));
        return (Edge(inputs, "width"), Edge(inputs, "height"));
    }

    private static int? Edge(JsonObject inputs, string name) => Number(inputs, name) is { } edge and >= 1 and <= 100_000 ? (int)edge : null;

    private static string? Text(JsonObject inputs, string name) =>
        inputs[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static double? Number(JsonObject inputs, string name)
    {
        if (inputs[name] is not JsonValue value || value.GetValueKind() != JsonValueKind.Number) return null;
        if (value.TryGetValue<double>(out var real)) return real;
        return double.TryParse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
