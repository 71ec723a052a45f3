using System.Text.Json.Nodes;
using Pipeline.Reliability.Recording;
using Pipeline.Reliability.Reporting;

namespace Pipeline.Reliability.Runs;

/// <summary>
/// Kills so many worker processes that hold a step, and measures, from the kill, when another gets it: within the lease and a second at p99.9. The
/// verdict asks that nobody waits longer than the lease and ten seconds (a loaded machine is slow, not wrong); the figure says the rest.
/// </summary>
internal sealed class HolderWorkload : IWorkload
{
    private const int Lanes = 2;
    private const int PerRound = 8;
    private const double LeaseSeconds = 2;
    private const double Grace = 10;

    public string Name => "holders";

    public string Guard => "expiry";

    public async Task<Verdict> RunAsync(WorkloadRun run, CancellationToken cancellation)
    {
        await using var rig = await Rig.OpenAsync(run.Folder, run.Seed, run.LeaveOut);
        var findings = new Findings(Name, rig);
        var freed = new List<double>();
        var rounds = Math.Max(1, (run.Count + (Lanes * PerRound) - 1) / (Lanes * PerRound));
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => LaneAsync(rig, lane, rounds, freed, findings)));
        freed.Sort();
        findings.Figures["holders_killed"] = rounds * Lanes * PerRound;
        findings.Figures["steps_freed"] = freed.Count;
        findings.Figures["lease_seconds"] = LeaseSeconds;
        foreach (var (name, share) in new[] { ("p50", 0.5), ("p99", 0.99), ("p99_9", 0.999), ("max", 1.0) })
        {
            findings.Figures[$"freed_after_kill_{name}_seconds"] = freed.Count == 0 ? null : Math.Round(freed[(int)Math.Ceiling(share * freed.Count) - 1], 4);
        }

        findings.Figures["within_lease_and_a_second"] = freed.Count(seconds => seconds <= LeaseSeconds + 1);
        return findings.Conclude();
    }

    private static async Task LaneAsync(Rig rig, int lane, int rounds, List<double> freed, Findings findings)
    {
        var workspace = $"holders-{lane}";
        await Stage.WorkspaceAsync(rig, workspace);
        var items = new JsonArray([.. Enumerable.Range(0, PerRound).Select(item => JsonValue.Create(item))]);
        var plan = await Stage.PlanAsync(rig, workspace, new() { ["steps"] = new JsonArray(Stage.Step("s", with: new() { ["for_each"] = items })) });
        for (var round = 0; round < rounds; round++)
        {
            await Stage.RunAsync(rig, plan);
            var settings = new JsonObject { ["workspace"] = workspace, ["lease_seconds"] = LeaseSeconds };
            var holders = Enumerable.Range(0, PerRound).Select(index => rig.Start("holder", $"holder-{lane}-{round}-{index}", index, settings)).ToList();
            // Each dies as soon as it holds: the last thing that the server heard of it is its claim.
            var killed = (await Task.WhenAll(holders.Select(async holder =>
            {
                var step = await HeldAsync(rig, holder.Name);
                await rig.KillAsync(holder);
                return (Step: step, AtNs: holder.KilledAtNs!.Value);
            }))).GroupBy(pair => pair.Step).ToDictionary(group => group.Key, group => group.Max(pair => pair.AtNs));
            var heirs = await Task.WhenAll(Enumerable.Range(0, PerRound).Select(heir => InheritAsync(rig, workspace, $"heir-{lane}-{heir}")));
            Judge(heirs, killed, freed, findings);
        }
    }

    private static void Judge((string? Step, long AtNs)[] heirs, Dictionary<string, long> killed, List<double> freed, Findings findings)
    {
        lock (freed)
        {
            foreach (var heir in heirs)
            {
                if (heir.Step is null)
                {
                    findings.Violation($"A step of a killed holder was not handed out again within its lease and {Grace} seconds.");
                }
                else if (killed.TryGetValue(heir.Step, out var killedAtNs))
                {
                    freed.Add((heir.AtNs - killedAtNs) / 1e9);
                }
            }
        }
    }

    private static async Task<string> HeldAsync(Rig rig, string holder)
    {
        for (var until = RigClock.NowNs + 300_000_000_000; RigClock.NowNs < until; await Task.Delay(10))
        {
            if (rig.Recorder.AnswerOf(holder, "claim_step") is { } answer && Stage.Claimed(answer) is { } claim)
            {
                return $"{claim.Text("run_id")}/{claim.Text("step_id")}";
            }
        }

        throw new InvalidOperationException($"{holder} got no step.");
    }

    private static async Task<(string? Step, long AtNs)> InheritAsync(Rig rig, string workspace, string agent)
    {
        var arguments = Stage.Claim(workspace, 600, LeaseSeconds + Grace);
        arguments["agent"] = agent;
        var claim = Stage.Claimed(await rig.Operator.AskAsync("claim_step", arguments));
        var atNs = RigClock.NowNs;
        if (claim is null)
        {
            return (null, atNs);
        }

        var step = $"{claim.Text("run_id")}/{claim.Text("step_id")}";
        claim["agent"] = agent;
        await rig.Operator.AskAsync("complete_step", claim);
        return (step, atNs);
    }
}
