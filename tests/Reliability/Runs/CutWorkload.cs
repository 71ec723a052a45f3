using System.Text.Json.Nodes;
using Pipeline.Reliability.Recording;
using Pipeline.Reliability.Reporting;

namespace Pipeline.Reliability.Runs;

/// <summary>So many answers lost between commit and caller; each call is sent again with its key and must get the first one's answer.</summary>
internal sealed class CutWorkload : IWorkload
{
    private const string Workspace = "cuts";
    private const int CutsPerRound = 6;
    private const int Clients = 4;

    public string Name => "cuts";

    public string Guard => "keys";

    public async Task<Verdict> RunAsync(WorkloadRun run, CancellationToken cancellation)
    {
        await using var rig = await Rig.OpenAsync(run.Folder, run.Seed, run.LeaveOut);
        await Stage.WorkspaceAsync(rig, Workspace);
        var rounds = (run.Count / (CutsPerRound * Clients)) + 1; // one call more at least: one that reached nobody is sent again without its cut
        for (var left = rounds * Clients * 2; left > 0; left -= 500)
        {
            await Stage.WideRunAsync(rig, Workspace, Math.Min(left, 500));
        }

        foreach (var index in Enumerable.Range(0, Clients))
        {
            rig.Start("cut", $"cut-{index}", index, new() { ["rounds"] = rounds, ["workspace"] = Workspace });
        }

        await rig.ClientsDoneAsync(TimeSpan.FromMinutes(20));
        var findings = new Findings(Name, rig);
        Judge(rig, findings);
        findings.Require(findings.Figures["cuts"]!.GetValue<int>() >= run.Count, $"Only {findings.Figures["cuts"]} answers were cut after their commit.");
        return findings.Conclude();
    }

    private static void Judge(Rig rig, Findings findings)
    {
        var (cuts, same) = (0, 0);
        var byTool = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var attempts in rig.Recorder.Read().Operations.Where(operation => operation.Key is not null).GroupBy(operation => operation.Key))
        {
            var (first, second) = (attempts.First(), attempts.Last());
            if (rig.Server.CutAnswer($"{first.Client}/{first.Call}") is not { } lost || first.Outcome != Outcome.Open)
            {
                continue;
            }

            cuts++;
            byTool[first.Tool] = byTool.GetValueOrDefault(first.Tool) + 1;
            var before = lost["structuredContent"];
            if (lost["isError"]?.GetValue<bool>() is true)
            {
                findings.Violation($"{first.Tool} {first.Arguments.ToJsonString()} was refused: {before?.ToJsonString()}");
            }
            else if (second.Outcome != Outcome.Ok || !JsonNode.DeepEquals(before, second.Answer))
            {
                findings.Violation($"{first.Tool} with key {first.Key}: first {before?.ToJsonString()}, then {second.Code} {second.Answer?.ToJsonString()}");
            }
            else
            {
                same++;
            }
        }

        findings.Figures["cuts"] = cuts;
        findings.Figures["same_answers"] = same;
        findings.Figures["cuts_by_tool"] = new JsonObject(byTool.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
    }
}
