using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Pipeline.Tools.Generation;

/// <summary>
/// Parameters of a provider's own, which go to it as they are. Whether one may multiply the price is not known here; so of those that no price list knows a number, a
/// list, and what is named like a number, a length, a size or a quality count as if they did.
/// </summary>
internal static partial class OwnParameter
{
    // Read by the price itself, or known to leave it alone.
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "duration_seconds", "start_seconds", "end_seconds", "width", "height", "resolution", "aspect", "aspect_ratio", "audio", "max_output_tokens", "prompt", "text", "negative_prompt", "seed", "voice", "style",
        "language", "format", "output_format", "guidance", "guidance_scale", "cfg", "cfg_scale", "strength", "temperature", "top_p", "top_k", "shot", "take", "note",
    };

    private static readonly HashSet<string> Telling = new(StringComparer.OrdinalIgnoreCase)
    {
        "n", "num", "number", "count", "batch", "batches", "sample", "samples", "outputs", "images", "videos", "variations", "variants", "takes", "repeat", "repeats", "duration", "length", "seconds", "sec", "secs",
        "minutes", "frames", "fps", "steps", "size", "resolution", "quality", "scale", "upscale", "hd", "megapixels", "pixels", "audio", "sound", "tier", "mode", "pro",
    };

    /// <summary>Whether a parameter that the price does not know may change it.</summary>
    public static bool MayMultiply(string name, JsonNode said) => !Known.Contains(name) && (Words().Split(name).Any(Telling.Contains) || IsTelling(said));

    private static bool IsTelling(JsonNode said) => said.GetValueKind() switch
    {
        JsonValueKind.Number => true,
        JsonValueKind.String => Measure().IsMatch(said.GetValue<string>()),
        JsonValueKind.Array => said.AsArray() is { Count: > 1 } || said.AsArray().Any(item => item is not null && IsTelling(item)),
        JsonValueKind.Object => said.AsObject().Any(member => member.Value is not null && MayMultiply(member.Key, member.Value)),
        _ => false,
    };

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")]
    private static partial Regex Words();

    // As 4, 2.5, 10s, 4k or 8 seconds.
    [GeneratedRegex(@"^\s*\d+(\.\d+)?\s*[A-Za-z]{0,7}\s*$")]
    private static partial Regex Measure();
}
