using System.Text.Json.Nodes;
using Pipeline.Reliability.Checking;
using Pipeline.Reliability.Faults;
using Pipeline.Reliability.Recording;
using Pipeline.Reliability.Reporting;

namespace Pipeline.Reliability.Locks;

/// <summary>
/// Sets built under locks (the lock test of Jepsen's etcd suite, written by a fenced write): no add that was answered may be missing. Count: adds.
/// Many adds are made in rounds, each with a server and clients of its own.
/// </summary>
internal sealed class LockSetWorkload : IWorkload
{
    private const int AddsPerRound = 2500;
    private const string Workspace = "sets";

    private static readonly FaultMix Mix = new()
    {
        TtlSeconds = LockSetScript.TtlSeconds,
        EverySeconds = new Dictionary<FaultKind, double>
        {
            [FaultKind.PauseClient] = 1.5, [FaultKind.KillClient] = 8, [FaultKind.KillServer] = 45, [FaultKind.PauseServer] = 20, [FaultKind.JumpClock] = 4,
            [FaultKind.StrobeClock] = 12, [FaultKind.LoseAnswers] = 10, [FaultKind.SlowObjects] = 15,
        },
    };

    public string Name => "lock-set";

    public string Guard => "locks";

    public async Task<Verdict> RunAsync(WorkloadRun run, CancellationToken cancellation)
    {
        if (run.Count <= AddsPerRound)
        {
            return await RoundAsync(run, cancellation);
        }

        var rounds = (run.Count + AddsPerRound - 1) / AddsPerRound;
        var verdicts = new List<Verdict>();
        for (var round = 0; round < rounds; round++)
        {
            verdicts.Add(await RoundAsync(run with { Folder = Path.Combine(run.Folder, $"round-{round}"), Seed = (run.Seed * 1000) + round, Count = AddsPerRound }, cancellation));
        }

        return Sum(run, verdicts);
    }

    private Task<Verdict> RoundAsync(WorkloadRun run, CancellationToken cancellation) => LockRound.RunAsync(
        Name, run, "lock-set", run.Count < 1000 ? 10 : 20, new() { ["workspace"] = Workspace, ["paths"] = 5, ["elements"] = 100 }, Mix,
        history => history.Operations.Count(IsAdd), JudgeAsync, cancellation);

    private static bool IsAdd(Operation operation) => operation is { Tool: "put_asset", Outcome: Outcome.Ok };

    /// <summary>Holds what the sets hold in the end against the adds that were answered.</summary>
    public static async Task JudgeAsync(Rig rig, History history, Findings findings)
    {
        var (answered, lost) = (0, 0);
        foreach (var set in history.Operations.Where(operation => operation.Tool == "put_asset").GroupBy(operation => (string)operation.Arguments["asset"]!))
        {
            var read = await rig.Operator.TryAsync("read_asset", new() { ["asset"] = set.Key });
            var adds = LostAdds.Of(
                ((string?)read.Body["text"] ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries), [.. set.Where(IsAdd).Select(Element).Distinct()], set.Select(Element));
            (answered, lost) = (answered + adds.Answered, lost + adds.Lost.Count);
            findings.Require(adds.IsClean, $"{set.Key}: lost {string.Join(", ", adds.Lost)}; twice {string.Join(", ", adds.Twice)}; strange {string.Join(", ", adds.Strange)}.");
        }

        (findings.Figures["adds"], findings.Figures["adds_lost"]) = (answered, lost);
    }

    private static string Element(Operation put) => ((string)put.Arguments["text"]!).Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];

    private static Verdict Sum(WorkloadRun run, IReadOnlyList<Verdict> verdicts)
    {
        var figures = new JsonObject { ["rounds"] = verdicts.Count };
        foreach (var name in verdicts.SelectMany(verdict => verdict.Figures.Select(figure => figure.Key)).Distinct())
        {
            var values = verdicts.Select(verdict => verdict.Figures[name] is null ? 0 : double.Parse(verdict.Figures[name]!.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture));
            figures[name] = name.StartsWith("slowest", StringComparison.Ordinal) ? values.Max() : values.Sum();
        }

        return new("lock-set", run.Seed, figures, [.. verdicts.SelectMany(verdict => verdict.Violations.Select(text => $"seed {verdict.Seed}: {text}"))]);
    }
}
