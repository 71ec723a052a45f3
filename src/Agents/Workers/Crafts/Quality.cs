using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Workers.Crafts;

/// <summary>The measured quality of a piece of footage, as capabilities report it.</summary>
internal static class Quality
{
    private static readonly string[] Checks = ["blur", "noise", "loudness"];

    /// <summary>Measures what this step just wrote, under its lock.</summary>
    public static async Task<JsonObject> MeasureAsync(StepWork work, string asset, OutputLock held, CancellationToken ct) =>
        Numbers(await work.WriteAsync("analyze_media", new { asset, checks = Checks }, held, "measure", ct).ConfigureAwait(false), "metrics");

    /// <summary>The numbers in one object of an answer; texts, lists and nulls are left out.</summary>
    public static JsonObject Numbers(JsonObject answer, string name) =>
        new((answer[name] as JsonObject ?? []).Where(metric => Wire.AsNumber(metric.Value) is not null).Select(metric => KeyValuePair.Create(metric.Key, metric.Value?.DeepClone())));

    /// <summary>The numbers after a change under their own names, and those before it with <c>_before</c>.</summary>
    public static JsonObject BeforeAndAfter(JsonObject answer)
    {
        var metrics = Numbers(answer, "metrics_after");
        foreach (var (name, value) in Numbers(answer, "metrics_before")) metrics[name + "_before"] = value?.DeepClone();
        return metrics;
    }
}
