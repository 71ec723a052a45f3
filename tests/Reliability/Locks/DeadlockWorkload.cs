using Pipeline.Reliability.Clients;
using Pipeline.Reliability.Recording;
using Pipeline.Reliability.Reporting;

namespace Pipeline.Reliability.Locks;

/// <summary>
/// Agents that take paths one by one in any order. No call outlasts its wait; a cycle is reported with its members soon after the call that closed
/// it; and since everyone gives back soon, nobody waits in vain. Count: rounds of up to three acquisitions.
/// </summary>
internal sealed class DeadlockWorkload : IWorkload
{
    private const int Clients = 6;
    private const double SlackSeconds = 15;

    public string Name => "lock-deadlock";

    public string Guard => "";

    public async Task<Verdict> RunAsync(WorkloadRun run, CancellationToken cancellation)
    {
        await using var rig = await Rig.OpenAsync(run.Folder, run.Seed, run.LeaveOut);
        await rig.Operator.ChangeAsync("create_workspace", new() { ["workspace"] = "knots", ["auto_index"] = false });
        for (var client = 0; client < Clients; client++)
        {
            rig.Start("lock-deadlock", $"d{client}", client, new() { ["rounds"] = (run.Count + Clients - 1) / Clients, ["paths"] = 5 });
        }

        await rig.ClientsDoneAsync(TimeSpan.FromHours(1));
        var findings = new Findings(Name, rig);
        Judge([.. rig.Recorder.Read().Operations.Where(operation => operation.Tool == "acquire_lock" && operation.Code != Answer.Unreachable)], findings);
        return findings.Conclude();
    }

    private static void Judge(IReadOnlyList<Operation> acquisitions, Findings findings)
    {
        var (cycles, longest, slowest) = (0, 0, 0L);
        foreach (var call in acquisitions)
        {
            var returned = call.ReturnedAtNs ?? long.MaxValue;
            findings.Require(returned - call.InvokedAtNs < (DeadlockScript.WaitSeconds + SlackSeconds) * 1e9, $"{call.Client} call {call.Call} outlasted its wait.");
            findings.Require(call.Code is null or "deadlock", $"{call.Client} call {call.Call} waited in vain: {call.Answer?.ToJsonString()}");
            if (call.Code != "deadlock")
            {
                continue;
            }

            var cycle = call.Answer!["facts"]!["cycle"]!.AsArray();
            var members = cycle.Select(edge => (string)edge!["agent"]!).ToHashSet();
            findings.Require(
                (string)cycle[0]!["agent"]! == call.Client && (string)cycle[^1]!["held_by"]! == call.Client && cycle.Zip(cycle.Skip(1)).All(pair => (string)pair.First!["held_by"]! == (string)pair.Second!["agent"]!),
                $"{call.Client} call {call.Call} was told a cycle that does not close: {cycle.ToJsonString()}");
            cycles++;
            longest = Math.Max(longest, members.Count);

            // The cycle cannot be older than the last of its members' calls.
            var closed = acquisitions.Where(other => members.Contains(other.Client) && other.InvokedAtNs < returned && (other.ReturnedAtNs ?? long.MaxValue) >= returned).Max(other => other.InvokedAtNs);
            slowest = Math.Max(slowest, returned - closed);
        }

        findings.Require(slowest < SlackSeconds * 1e9, $"A cycle was reported only after {slowest / 1e9:F1} s.");
        findings.Figures["acquisitions"] = acquisitions.Count;
        findings.Figures["cycles"] = cycles;
        findings.Figures["most_members"] = longest;
        findings.Figures["slowest_report_ms"] = slowest / 1_000_000;
        findings.Figures["longest_wait_ms"] = acquisitions.Max(call => (call.ReturnedAtNs ?? call.InvokedAtNs) - call.InvokedAtNs) / 1_000_000;
    }
}
