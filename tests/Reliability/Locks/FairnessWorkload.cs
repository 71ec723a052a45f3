using System.Text.Json.Nodes;
using Pipeline.Reliability.Recording;
using Pipeline.Reliability.Reporting;

namespace Pipeline.Reliability.Locks;

/// <summary>
/// A long queue for one lock: nobody passes one who came before, and a release wakes one. Order and wakes are counted inside the server, where the
/// order of arrival is known. Count: grants.
/// </summary>
internal sealed class FairnessWorkload : IWorkload
{
    private const int Clients = 4;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    public string Name => "lock-fairness";

    public string Guard => "";

    public async Task<Verdict> RunAsync(WorkloadRun run, CancellationToken cancellation)
    {
        await using var rig = await Rig.OpenAsync(run.Folder, run.Seed, run.LeaveOut, server => server.Environment["PIPELINE_RIG_WATCH_QUEUE"] = "1");
        await rig.Operator.ChangeAsync("create_workspace", new() { ["workspace"] = "queue", ["auto_index"] = false });
        var waiters = run.Count < 1000 ? 40 : 200;
        for (var client = 0; client < Clients; client++)
        {
            rig.Start("lock-fair", $"f{client}", client, new() { ["waiters"] = waiters / Clients });
        }

        while (rig.Recorder.Read().Operations.Count(IsGrant) < run.Count)
        {
            await Task.Delay(Look, cancellation);
        }

        var file = Path.Combine(rig.Folder, "queue.json");
        await rig.Server.OrderAsync($"queue {file}");
        await rig.StopClientsAsync();
        var seen = JsonNode.Parse(await File.ReadAllTextAsync(file, cancellation))!.AsObject();
        var findings = new Findings(Name, rig);
        findings.Figures["waiters"] = waiters;
        findings.Figures["queue"] = seen;
        findings.Require((long)seen["grants"]! > run.Count / 2, $"Only {seen["grants"]} grants went to waiters.");
        findings.Require((long)seen["inversions"]! == 0, $"{seen["inversions"]} waiters were passed.");
        findings.Require(seen["wakes_of_release"]!.AsObject().All(pair => pair.Key == "1"), $"Releases woke {seen["wakes_of_release"]!.ToJsonString()} waiters.");
        findings.Require(
            !rig.Recorder.Read().Operations.Any(operation => operation is { Tool: "acquire_lock", Outcome: Outcome.Refused }), "Someone in the queue was refused.");
        return findings.Conclude();
    }

    private static bool IsGrant(Operation operation) => operation is { Tool: "acquire_lock", Outcome: Outcome.Ok };
}
