using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Workers.Crafts;

/// <summary><c>analyze</c>: scenes, black, frozen and silent stretches, and the quality of the whole.</summary>
public sealed class AnalyzeCraft : ICraft
{
    public IReadOnlyList<string> Capabilities { get; } = ["analyze"];

    public async Task<StepReport> DoAsync(StepWork work, CancellationToken ct)
    {
        var asset = work.Need("asset");
        var held = await work.LockAsync(asset, ct).ConfigureAwait(false);
        await using (held.ConfigureAwait(false))
        {
            var found = await work.WriteAsync("analyze_media", new { asset, checks = work.Inputs["checks"]?.DeepClone() }, held, "analyze", ct).ConfigureAwait(false);
            var tags = found["tags"]?.DeepClone() as JsonArray ?? [];
            var metrics = Quality.Numbers(found, "metrics");
            metrics["scenes"] ??= tags.OfType<JsonObject>().Count(tag => tag.Text("label") == "scene");
            return new StepReport(new JsonObject { ["asset"] = found.Whole("version") is null ? asset : StepWork.Pinned(found), ["tags"] = tags }, metrics);
        }
    }
}
