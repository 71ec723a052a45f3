using System.Text.Json.Nodes;
using Pipeline.Reliability.Recording;
using Pipeline.Reliability.Reporting;

namespace Pipeline.Reliability.Runs;

/// <summary>So many reports and writes of claims that passed to another: each must be answered <c>superseded</c>, and none may change anything.</summary>
internal sealed class ZombieWorkload : IWorkload
{
    private const int Clients = 2;
    private const int MostStepsPerRun = 50;

    private static readonly HashSet<string> Late = ["complete_step", "fail_step", "renew_step", "put_asset"];

    public string Name => "zombies";

    public string Guard => "claims";

    public async Task<Verdict> RunAsync(WorkloadRun run, CancellationToken cancellation)
    {
        await using var rig = await Rig.OpenAsync(run.Folder, run.Seed, run.LeaveOut);
        var perClient = (run.Count + (Clients * ZombieScript.CallsPerStep) - 1) / (Clients * ZombieScript.CallsPerStep);
        var steps = Math.Min(perClient, MostStepsPerRun);
        foreach (var index in Enumerable.Range(0, Clients))
        {
            var workspace = $"zombies-{index}";
            await Stage.WorkspaceAsync(rig, workspace);
            var items = new JsonArray([.. Enumerable.Range(0, steps).Select(item => JsonValue.Create(item))]);
            var plan = await Stage.PlanAsync(rig, workspace, new() { ["steps"] = new JsonArray(Stage.Step("s", with: new() { ["for_each"] = items })) });
            rig.Start("zombie", $"zombie-{index}", index, new() { ["workspace"] = workspace, ["plan"] = plan, ["steps"] = steps, ["batches"] = (perClient + steps - 1) / steps });
        }

        await rig.ClientsDoneAsync(TimeSpan.FromMinutes(30));
        var findings = new Findings(Name, rig);
        Judge(rig.Recorder.Read(), findings, run.Count);
        await CompareAuditAsync(rig, findings);
        return findings.Conclude();
    }

    private static void Judge(History history, Findings findings, int wanted)
    {
        var late = history.Operations.Where(operation => Late.Contains(operation.Tool) && operation.Agent?.EndsWith("-late", StringComparison.Ordinal) == true)
            .Where(operation => operation.Outcome != Outcome.Open && !Reliability.Clients.Answer.SaysNothing(operation.Code)).ToList(); // such a call is sent again
        var superseded = late.Count(operation => operation.Code == "superseded");
        foreach (var taken in late.Where(operation => operation.Code != "superseded"))
        {
            findings.Violation($"{taken.Tool} {taken.Arguments.ToJsonString()} of a superseded claim was answered {taken.Code} {taken.Answer?.ToJsonString()}");
        }

        var haunted = history.Notes("haunted").ToList();
        foreach (var changed in haunted.Where(note => note.Body!["changed"]!.GetValue<bool>()))
        {
            findings.Violation($"The state changed under superseded calls: {changed.Body!.ToJsonString()}");
        }

        findings.Figures["late_calls"] = late.Count;
        findings.Figures["superseded"] = superseded;
        findings.Figures["state_changes"] = haunted.Count(note => note.Body!["changed"]!.GetValue<bool>());
        findings.Require(late.Count >= wanted, $"Only {late.Count} late calls were made, not {wanted}.");
    }

    // Every refusal stands in the log, too.
    private static async Task CompareAuditAsync(Rig rig, Findings findings)
    {
        var refused = 0;
        foreach (var index in Enumerable.Range(0, Clients))
        {
            var entries = await rig.Operator.AllAsync("read_audit", new() { ["workspace"] = $"zombies-{index}", ["limit"] = 100, ["cursor"] = 0 }, "entries");
            refused += entries.Count(entry => entry.Text("outcome") == "superseded");
        }

        findings.Figures["superseded_in_audit"] = refused;
        findings.Require(refused >= findings.Figures["superseded"]!.GetValue<int>(), $"The log of the workspaces has {refused} refusals of superseded claims, not {findings.Figures["superseded"]}.");
    }
}
