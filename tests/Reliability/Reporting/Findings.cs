using System.Text.Json.Nodes;
using Pipeline.Reliability.Recording;

namespace Pipeline.Reliability.Reporting;

/// <summary>Gathers a verdict, and writes it beside the history and its timeline.</summary>
public sealed class Findings(string workload, Rig rig)
{
    private readonly List<string> _violations = [];

    /// <summary>Counts and times, units last in their names.</summary>
    public JsonObject Figures { get; } = [];

    /// <summary>Notes what must not be.</summary>
    public void Violation(string what) => _violations.Add(what);

    /// <summary>Notes it unless <paramref name="holds"/>.</summary>
    public void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            Violation(otherwise);
        }
    }

    /// <summary>Writes verdict.json and timeline.html into the rig's folder.</summary>
    public Verdict Conclude()
    {
        Figures["server_kills"] = rig.Servers.Sum(server => server.Kills);
        Figures["kills_not_counted"] = rig.Servers.Sum(server => server.IdleKills);
        var history = rig.Recorder.Read();
        Figures["operations"] = history.Operations.Count;
        foreach (var failed in history.Operations.Where(operation => operation.Code is "internal" or "tool_failed"))
        {
            Violation($"{failed.Tool} {failed.Arguments.ToJsonString()} failed inside the server: {failed.Answer?.ToJsonString()} (server.log says where).");
        }

        Figures["operations_open"] = history.Operations.Count(operation => operation.Outcome == Outcome.Open);
        var verdict = new Verdict(workload, rig.Seed, Figures, _violations);
        verdict.Write(Path.Combine(rig.Folder, "verdict.json"));
        TimelinePage.Write(Path.Combine(rig.Folder, "timeline.html"), verdict, history);
        return verdict;
    }
}
