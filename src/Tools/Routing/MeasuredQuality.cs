using System.Text.Json;

namespace Pipeline.Tools.Routing;

/// <summary>One figure for the quality of a result: its metric <c>quality</c> if it has one, else the mean of sharpness, cleanness and steadiness.</summary>
public static class MeasuredQuality
{
    private static readonly string[] Parts = ["sharpness", "cleanness", "steadiness"];

    /// <summary>0 to 1, or null when nothing of the kind was measured.</summary>
    /// <param name="metrics">A step's metrics, a JSON object or null.</param>
    public static double? Of(string? metrics)
    {
        if (metrics is null) return null;
        using var document = JsonDocument.Parse(metrics);
        if (Share(document.RootElement, "quality") is { } quality) return quality;
        var parts = Parts.Select(part => Share(document.RootElement, part)).OfType<double>().ToList();
        return parts.Count == 0 ? null : parts.Average();
    }

    private static double? Share(JsonElement metrics, string name) =>
        metrics.ValueKind == JsonValueKind.Object && metrics.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out var share) && share is >= 0 and <= 1 ? share : null;
}
