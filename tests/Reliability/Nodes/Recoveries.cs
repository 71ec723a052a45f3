using System.Text.Json.Nodes;
using Pipeline.Reliability.Recording;
using Pipeline.Reliability.Runs;

namespace Pipeline.Reliability.Nodes;

/// <summary>How long after each fault the next change was committed, of those that were asked for after it struck.</summary>
internal static class Recoveries
{
    private static readonly HashSet<string> Commits = ["complete_step", "fail_step", "acquire_lock", "put_asset", "notify_webhook"];

    /// <summary>How many of each kind, p50 and the longest.</summary>
    public static JsonObject Of(History history)
    {
        var commits = history.Operations.Where(IsCommit).Select(operation => (operation.InvokedAtNs, operation.ReturnedAtNs!.Value)).ToList();
        var earliest = new long[commits.Count + 1];
        earliest[commits.Count] = long.MaxValue;
        for (var at = commits.Count - 1; at >= 0; at--)
        {
            earliest[at] = Math.Min(commits[at].Value, earliest[at + 1]);
        }

        var told = new JsonObject();
        foreach (var kind in history.Notes("fault").GroupBy(note => note.Body!.Text("kind")).OrderBy(kind => kind.Key, StringComparer.Ordinal))
        {
            told[kind.Key] = Tell(kind.Select(note => earliest[FirstAfter(commits, note.AtNs)] is var next and < long.MaxValue ? (next - note.AtNs) / 1e6 : double.NaN));
        }

        return told;
    }

    /// <summary>Count, p50 and the longest of some times.</summary>
    public static JsonObject Tell(IEnumerable<double> timesMs)
    {
        var times = timesMs.Where(time => !double.IsNaN(time)).Order().ToList();
        return times.Count == 0 ? [] : new() { ["count"] = times.Count, ["p50_ms"] = Math.Round(times[times.Count / 2]), ["max_ms"] = Math.Round(times[^1]) };
    }

    private static bool IsCommit(Operation operation) => operation.Outcome == Outcome.Ok
        && (Commits.Contains(operation.Tool) || (operation.Tool == "claim_step" && Stage.Claimed(operation.Answer!) is not null));

    // Operations stand in the order of their invocation.
    private static int FirstAfter(List<(long InvokedAtNs, long)> commits, long atNs)
    {
        var (low, high) = (0, commits.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = commits[middle].InvokedAtNs < atNs ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
