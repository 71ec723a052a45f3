using Pipeline.Reliability.Recording;
using Pipeline.Reliability.Reporting;

namespace Pipeline.Reliability.Locks;

/// <summary>kill -9 of processes that hold a lock while another waits for it: how long after the kill the other has it. Count: holders killed.</summary>
internal sealed class HolderWorkload : IWorkload
{
    private const int AtOnce = 10;
    private const double PromisedSeconds = HolderScript.TtlSeconds + 1;

    // Fewer say nothing of one in a thousand; they only show that a lock comes free at all.
    private const int EnoughForShares = 1000;

    public string Name => "lock-holders";

    public string Guard => "";

    public async Task<Verdict> RunAsync(WorkloadRun run, CancellationToken cancellation)
    {
        await using var rig = await Rig.OpenAsync(run.Folder, run.Seed, run.LeaveOut);
        await rig.Operator.ChangeAsync("create_workspace", new() { ["workspace"] = "graves", ["auto_index"] = false });
        var freed = new List<double>();
        var (next, vain) = (0, 0);
        var random = new Random(run.Seed);
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async slot =>
        {
            while (Interlocked.Increment(ref next) is var number && number <= run.Count)
            {
                int afterMs;
                lock (random)
                {
                    afterMs = random.Next(700);
                }

                // Who no longer held when it was killed tells nothing: another takes its place, under a name of its own.
                double? seconds;
                for (var again = number; (seconds = await KillAsync(rig, again, $"graves/{slot}", TimeSpan.FromMilliseconds(afterMs))) is null && Interlocked.Increment(ref vain) < run.Count; again += run.Count)
                {
                }

                if (seconds is { } measured)
                {
                    lock (freed)
                    {
                        freed.Add(measured);
                    }
                }
            }
        }));

        var findings = new Findings(Name, rig);
        freed.Sort();
        findings.Figures["holders_killed"] = freed.Count;
        findings.Figures["kills_without_a_lock"] = vain;
        foreach (var (name, share) in new[] { ("p50", 0.5), ("p99", 0.99), ("p999", 0.999), ("most", 1.0) })
        {
            findings.Figures[$"freed_{name}_ms"] = freed.Count == 0 ? 0 : (int)(At(freed, share) * 1000);
        }

        findings.Require(freed.Count >= run.Count * 0.9, $"Only {freed.Count} holders were killed while they held.");
        findings.Require(freed.Count < EnoughForShares || At(freed, 0.999) <= PromisedSeconds, $"p99.9 is above {PromisedSeconds} s.");
        return findings.Conclude();
    }

    private static double At(List<double> sorted, double share) => sorted[Math.Min(sorted.Count - 1, (int)Math.Ceiling(share * sorted.Count) - 1)];

    // Null when the holder no longer held when it was killed: then nothing was measured.
    private static async Task<double?> KillAsync(Rig rig, int number, string asset, TimeSpan after)
    {
        var holder = rig.Start("lock-holder", $"h{number}", number, new() { ["asset"] = asset });
        while (!await HoldsAsync(rig, asset, holder.Name))
        {
            await Task.Delay(20);
        }

        var waiting = rig.Operator.TryAsync("acquire_lock", new() { ["asset"] = asset, ["agent"] = $"w{number}", ["ttl_seconds"] = 60, ["wait_seconds"] = 45 });
        await Task.Delay(after);
        var held = !waiting.IsCompleted;
        var killedAtNs = RigClock.NowNs;
        var buried = rig.KillAsync(holder);
        var grant = await waiting;
        var seconds = (RigClock.NowNs - killedAtNs) / 1e9;
        await buried;
        await rig.Operator.ChangeAsync("release_lock", new() { ["lock_id"] = grant.Body["lock_id"]!.DeepClone(), ["agent"] = $"w{number}" });
        return held ? seconds : null;
    }

    private static async Task<bool> HoldsAsync(Rig rig, string asset, string agent) =>
        (await rig.Operator.AskAsync("list_locks", new() { ["asset"] = asset }))["locks"]!.AsArray().Any(row => (string)row!["holder"]! == agent);
}
