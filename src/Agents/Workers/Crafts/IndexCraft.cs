using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Workers.Crafts;

/// <summary><c>index</c>: transcript and tags into the search index. With neither there is nothing to do.</summary>
public sealed class IndexCraft : ICraft
{
    public IReadOnlyList<string> Capabilities { get; } = ["index"];

    public async Task<StepReport> DoAsync(StepWork work, CancellationToken ct)
    {
        var asset = work.Need("asset");
        var arguments = new JsonObject { ["asset"] = asset };
        foreach (var name in new[] { "transcript", "transcript_asset", "tags", "source" })
            if (work.Inputs[name] is { } value) arguments[name] = value.DeepClone();
        if (!arguments.Any(member => member.Key is "transcript" or "transcript_asset" or "tags")) return StepReport.Skip("nothing_to_index");
        var held = await work.LockAsync(asset, ct).ConfigureAwait(false);
        await using (held.ConfigureAwait(false))
        {
            var indexed = await work.WriteAsync("index_asset", arguments, held, "index", ct).ConfigureAwait(false);
            var entries = indexed["entries"] as JsonObject ?? [];
            var total = indexed.Whole("total") ?? entries.Sum(kind => (long)(Wire.AsNumber(kind.Value) ?? 0));
            return StepReport.Of(new { entries }, new { entries = total });
        }
    }
}
