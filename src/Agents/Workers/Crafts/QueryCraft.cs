using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Workers.Crafts;

/// <summary><c>query</c>: the moments that answer a question, best first. A moment that mostly overlaps a better one is left out: it would be the same footage twice.</summary>
public sealed class QueryCraft : ICraft
{
    private const double SameShare = 0.5;

    public IReadOnlyList<string> Capabilities { get; } = ["query"];

    public async Task<StepReport> DoAsync(StepWork work, CancellationToken ct)
    {
        var arguments = new JsonObject { ["workspace"] = work.Inputs.Text("workspace") ?? work.Step.Workspace, ["query"] = work.Need("query") };
        foreach (var name in new[] { "limit", "kinds", "asset", "filter", "min_score" })
            if (work.Inputs[name] is { } value) arguments[name] = value.DeepClone();
        var answer = await work.ReadAsync("query_index", arguments, ct).ConfigureAwait(false);
        var hits = Distinct([.. answer.Objects("hits")]);
        return StepReport.Of(
            new { hits = new JsonArray([.. hits.Select(hit => hit.DeepClone())]) },
            new { hits = hits.Count, best_score = hits.Count > 0 ? hits[0].Number("score") : null });
    }

    /// <summary>The hits without those that overlap an earlier one of the same asset by more than half of the shorter.</summary>
    public static IReadOnlyList<JsonObject> Distinct(IReadOnlyList<JsonObject> hits)
    {
        var kept = new List<JsonObject>();
        foreach (var hit in hits)
            if (!kept.Exists(better => IsSame(better, hit))) kept.Add(hit);
        return kept;
    }

    private static bool IsSame(JsonObject a, JsonObject b)
    {
        if (a.Text("asset") != b.Text("asset")) return false;
        if (Span(a) is not var (aStart, aEnd) || Span(b) is not var (bStart, bEnd)) return a.Number("start_seconds") is null && b.Number("start_seconds") is null;
        var shared = Math.Min(aEnd, bEnd) - Math.Max(aStart, bStart);
        return shared > SameShare * Math.Min(aEnd - aStart, bEnd - bStart);
    }

    private static (double Start, double End)? Span(JsonObject hit) =>
        hit.Number("start_seconds") is { } start && hit.Number("end_seconds") is { } end ? (start, end) : null;
}
