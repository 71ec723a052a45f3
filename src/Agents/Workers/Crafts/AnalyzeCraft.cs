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
        var streams = Streams.From(await work.ReadAsync("probe_media", new { asset }, ct).ConfigureAwait(false));
        var held = await work.LockAsync(asset, ct).ConfigureAwait(false);
        await using (held.ConfigureAwait(false))
        {
            var found = await work.WriteAsync("analyze_media", new { asset, checks = work.Inputs["checks"]?.DeepClone() }, held, "analyze", ct).ConfigureAwait(false);
            return new StepReport(
                new JsonObject { ["asset"] = found.Whole("version") is null ? asset : StepWork.Pinned(found), ["tags"] = found["tags"]?.DeepClone() ?? new JsonArray() },
                Quality.Promised(found, "metrics", streams.DurationSeconds));
        }
    }
}
