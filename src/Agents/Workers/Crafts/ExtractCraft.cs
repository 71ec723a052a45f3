using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Workers.Crafts;

/// <summary><c>extract</c>: cuts a range out of an asset into its own, moving only the bytes of that range, and measures the cut.</summary>
public sealed class ExtractCraft : ICraft
{
    public IReadOnlyList<string> Capabilities { get; } = ["extract"];

    public async Task<StepReport> DoAsync(StepWork work, CancellationToken ct)
    {
        var output = work.Need("output");
        var arguments = new JsonObject { ["output"] = output };
        foreach (var name in new[] { "hit_id", "asset", "start_seconds", "end_seconds", "mode", "region" })
            if (work.Inputs[name] is { } value) arguments[name] = value.DeepClone();
        var held = await work.LockAsync(output, ct).ConfigureAwait(false);
        await using (held.ConfigureAwait(false))
        {
            var cut = await work.WriteAsync("extract_segment", arguments, held, "extract", ct).ConfigureAwait(false);
            var metrics = await Quality.MeasureAsync(work, StepWork.Unversioned(output), held, ct).ConfigureAwait(false);
            var (start, end) = (cut.Number("start_seconds"), cut.Number("end_seconds"));
            metrics["duration_seconds"] = end - start;
            metrics["bytes_read"] = cut.Whole("bytes_read");
            metrics["saved_share"] = cut.Number("saved_share");
            return new StepReport(
                (JsonObject)Wire.Object(new { asset = StepWork.Pinned(cut), start_seconds = start, end_seconds = end, source_bytes = cut.Whole("source_bytes"), bytes_read = cut.Whole("bytes_read") }),
                metrics);
        }
    }
}
