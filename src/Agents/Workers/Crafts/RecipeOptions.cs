using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Workers.Crafts;

/// <summary>
/// Says what a capability's inputs mean to the recipe that does it: strengths from 0 to 1 become the recipe's own numbers, sizes in
/// lines its factors and edges. Pure.
/// </summary>
public static class RecipeOptions
{
    /// <summary>How a look changes contrast, saturation and gamma at full strength.</summary>
    private static readonly Dictionary<string, (double Contrast, double Saturation, double Gamma)> Looks = new(StringComparer.Ordinal)
    {
        ["neutral"] = (1.05, 1, 1),
        ["warm"] = (1.05, 1.3, 1.08),
        ["cool"] = (1.05, 0.7, 0.96),
        ["high_contrast"] = (1.5, 1.1, 1),
        ["mono"] = (1.1, 0, 1),
    };

    /// <summary>The options as transform_media takes them.</summary>
    /// <param name="sourceHeight">Lines of the source, for recipes that scale to a height.</param>
    /// <exception cref="CraftFailed">A look that nobody knows.</exception>
    public static JsonObject For(string capability, JsonObject inputs, int? sourceHeight)
    {
        var strength = inputs.Number("strength") is { } given ? Math.Clamp(given, 0, 1) : (double?)null;
        object options = capability switch
        {
            "proxy" => new { max_edge_pixels = inputs.Number("height") is { } lines ? (int)Math.Clamp(Math.Round(lines * 16 / 9), 64, 1920) : (int?)null },
            "upscale" => new { factor = inputs.Number("factor") ?? (inputs.Number("height") is { } lines && sourceHeight > 0 ? Math.Round(Math.Clamp(lines / sourceHeight.Value, 1.1, 4), 4) : null) },
            "stabilise" => new { smoothing = strength is { } much ? (int)Math.Round(1 + (much * 59)) : (int?)null },
            "smooth" => new { fps = inputs.Number("frames_per_second") is { } rate ? (int)Math.Clamp(Math.Round(rate), 24, 120) : (int?)null },
            "denoise" => new { strength = strength is { } much ? Math.Round(0.5 + (much * 19.5), 3) : (double?)null },
            "sharpen" => new { amount = strength is { } much ? Math.Round(0.1 + (much * 4.9), 3) : (double?)null },
            "grade" => Grade(inputs.Text("look") ?? "neutral", strength ?? 1),
            "loudness" => new { target_lufs = inputs.Number("target_lufs") is { } lufs ? Math.Clamp(lufs, -40, -8) : (double?)null },
            "title" => new { text = inputs.Text("text"), start_seconds = inputs.Number("start_seconds"), end_seconds = inputs.Number("end_seconds"), position = inputs.Text("position") },
            _ => new { },
        };
        return Wire.Object(options);
    }

    private static object Grade(string look, double strength)
    {
        if (!Looks.TryGetValue(look, out var full)) throw new CraftFailed("invalid_argument", $"There is no look '{look}'; there are {string.Join(", ", Looks.Keys)}.");
        return new { contrast = Towards(full.Contrast), saturation = Towards(full.Saturation), gamma = Towards(full.Gamma) };

        double Towards(double at) => Math.Round(1 + ((at - 1) * strength), 4);
    }
}
