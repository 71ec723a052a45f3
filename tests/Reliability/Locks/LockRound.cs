using System.Text.Json.Nodes;
using Pipeline.Reliability.Clients;
using Pipeline.Reliability.Faults;
using Pipeline.Reliability.Recording;
using Pipeline.Reliability.Reporting;

namespace Pipeline.Reliability.Locks;

/// <summary>One server, clients that run one script, a nemesis, until enough was done; then the judgement.</summary>
internal static class LockRound
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(3);

    /// <summary>Runs one.</summary>
    /// <param name="workload">For the verdict.</param>
    /// <param name="run">How.</param>
    /// <param name="script">What every client does.</param>
    /// <param name="clients">How many there are at any time.</param>
    /// <param name="settings">For the script.</param>
    /// <param name="mix">The faults.</param>
    /// <param name="done">How much of the round's count a history holds.</param>
    /// <param name="judge">Asks the server in the end; the history is judged already.</param>
    public static async Task<Verdict> RunAsync(
        string workload, WorkloadRun run, string script, int clients, JsonObject settings, FaultMix mix, Func<History, int> done,
        Func<Rig, History, Findings, Task> judge, CancellationToken cancellation)
    {
        await using var rig = await Rig.OpenAsync(run.Folder, run.Seed, run.LeaveOut);
        await rig.Operator.ChangeAsync("create_workspace", new() { ["workspace"] = (string)settings["workspace"]!, ["auto_index"] = false });
        var started = 0;
        ClientProcess Start() => rig.Start(script, $"c{started}", started++, (JsonObject)settings.DeepClone());
        for (var client = 0; client < clients; client++)
        {
            Start();
        }

        var nemesis = new Nemesis(rig, FaultSchedule.Draw(run.Seed, TimeSpan.FromHours(2), mix), _ => Start());
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var striking = nemesis.RunAsync(enough.Token);
        while (done(rig.Recorder.Read()) < run.Count && !striking.IsCompleted)
        {
            await Task.Delay(Look, cancellation);
        }

        await enough.CancelAsync();
        await striking;

        // Whoever was stopped goes on now: what it writes late must have its chance.
        await Task.Delay(Aftermath, cancellation);
        await rig.StopClientsAsync();
        var findings = new Findings(workload, rig);
        var history = rig.Recorder.Read();
        LockJudge.Judge(history, findings.Figures, findings.Violation);
        await judge(rig, history, findings);
        foreach (var (kind, times) in nemesis.Struck)
        {
            findings.Figures[$"fault_{kind}"] = times;
        }

        return findings.Conclude();
    }
}
