using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Reliability.Checking;
using Pipeline.Reliability.Recording;

namespace Pipeline.Reliability.Locks;

/// <summary>Holds a recorded history against the promises about locks and locked writes.</summary>
internal static class LockJudge
{
    private const long ClockSlackUs = 100_000;
    private const long ForgottenByCrashUs = 3_000_000;
    private const int ShownOperations = 12;

    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(60);

    /// <summary>Tells what was found, and how much was looked at.</summary>
    /// <param name="clockStands">Whether the store's clock stands while the server is down; a database's own goes on.</param>
    public static void Judge(History history, JsonObject figures, Action<string> violation, bool clockStands = true)
    {
        var operations = PathHistory.Of(history);
        var byId = operations.ToDictionary(operation => operation.Id);
        var checker = new LinearizabilityChecker<PathState, PathAction>(new LockedPath(lateSlackUs: clockStands ? LagUs(history) : ClockSlackUs), TimeProvider.System, Budget);
        var verdicts = checker.Check(operations);
        foreach (var verdict in verdicts.Where(verdict => verdict.Finding != Finding.Ok))
        {
            violation(Tell(verdict, byId));
        }

        foreach (var fault in TokenOrder.Faults(operations))
        {
            violation(fault);
        }

        figures["paths_checked"] = verdicts.Count;
        figures["path_operations"] = operations.Count;
        figures["path_operations_open"] = operations.Count(operation => operation.IsOpen);
        figures["linearizability_violations"] = verdicts.Count(verdict => verdict.Finding == Finding.Violated);
        figures["undecided"] = verdicts.Count(verdict => verdict.Finding == Finding.Undecided);
        figures["slowest_check_seconds"] = verdicts.Count == 0 ? 0 : Math.Round(verdicts.Max(verdict => verdict.Elapsed.TotalSeconds), 3);
        figures["grants"] = operations.Count(operation => operation.Action is Acquire { Reply: Reply.Done });
        figures["stale_writes_refused"] = operations.Count(operation => operation.Action is Write { Reply: Reply.Stale });
    }

    /// <summary>The same for a history.jsonl of an earlier run; prints it and gives the exit code.</summary>
    public static int Judge(string file)
    {
        var events = File.ReadLines(file).Where(line => line is ['{', .., '}']).Select(line => JsonSerializer.Deserialize<HistoryEvent>(line, HistoryEvent.Json)!);
        var (figures, violations) = (new JsonObject(), new List<string>());
        Judge(new History([.. events]), figures, violations.Add);
        Console.Out.WriteLine(figures.ToJsonString());
        violations.ForEach(Console.Out.WriteLine);
        return violations.Count == 0 ? 0 : 1;
    }

    // By how much the store's clock may lag behind the recorder's in the end: it stands while the server is down, and a crash makes it forget a little.
    private static long LagUs(History history)
    {
        var (lagUs, downAtNs) = (ClockSlackUs, (long?)null);
        foreach (var note in history.Events.Where(note => note.Phase == "note"))
        {
            if (note.What is "server_killed" or "server_died")
            {
                downAtNs = note.AtNs;
            }
            else if (note.What == "server_ready" && downAtNs is { } down)
            {
                lagUs += ForgottenByCrashUs + ((note.AtNs - down) / 1000);
                downAtNs = null;
            }
        }

        return lagUs;
    }

    private static string Tell(KeyVerdict verdict, Dictionary<int, Operation<PathAction>> byId)
    {
        var shown = verdict.Prefix.Skip(Math.Max(0, verdict.Prefix.Count - ShownOperations)).Select(id => $"    {Line(byId[id])}");
        return $"{verdict.Key}: {verdict.Finding} after {verdict.Prefix.Count} of {verdict.Operations} operations and {verdict.Configurations} configurations.\n"
            + $"  Longest order ends:\n{string.Join('\n', shown)}\n  Then: {verdict.StateBefore}\n  No order explains: {(verdict.StuckOn is { } stuck ? Line(byId[stuck]) : "-")}";
    }

    private static string Line(Operation<PathAction> operation) =>
        $"{operation.CalledAtUs / 1000.0:F1}-{(operation.IsOpen ? "?" : $"{operation.ReturnedAtUs / 1000.0:F1}")} ms {operation.Client} {operation.Action}";
}
