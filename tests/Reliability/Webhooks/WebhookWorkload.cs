using Pipeline.Reliability.Recording;
using Pipeline.Reliability.Reporting;
using Pipeline.Reliability.Runs;

namespace Pipeline.Reliability.Webhooks;

/// <summary>
/// So many events told by clients to receivers that fail three times in ten, while the server is killed again and again: every event whose call was
/// answered is taken by its receiver, under one id however often it comes, and signed; nothing of a call that was undone ever arrives.
/// </summary>
internal sealed class WebhookWorkload : IWorkload
{
    private const string Workspace = "hooks";
    private const int Clients = 3;
    private const int ShortCount = 2_000;

    private static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    public string Name => "webhooks";

    public string Guard => "outbox";

    public async Task<Verdict> RunAsync(WorkloadRun run, CancellationToken cancellation)
    {
        var isShort = run.Count < ShortCount;
        var all = Subscriber.Usual(run.Seed);
        await using var rig = await Rig.OpenAsync(run.Folder, run.Seed, run.LeaveOut, server =>
        {
            server.Environment["PIPELINE_RIG_WEBHOOK_TIMES"] = isShort ? "10000" : "1000";
            server.Environment["PIPELINE_EGRESS_HOSTS"] = string.Join(',', all.Select(one => one.Receiver.Host));
        });
        await Stage.WorkspaceAsync(rig, Workspace);
        await Subscriber.SubscribeAsync(all, rig.Operator, Workspace);

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var kills = KillAsync(rig, all, TimeSpan.FromSeconds(isShort ? 1 : 10), isShort ? 6 : int.MaxValue, enough.Token);
        var kinds = Subscriber.Kinds(all);
        foreach (var index in Enumerable.Range(0, Clients))
        {
            rig.Start("notify", $"notify-{index}", index, new() { ["workspace"] = Workspace, ["kinds"] = kinds.DeepClone(), ["events"] = (run.Count + Clients - 1) / Clients });
        }

        await Task.Delay(TimeSpan.FromSeconds(isShort ? 0.5 : 20), cancellation);
        await all[0].SubscribeAsync(rig.Operator, Workspace, Subscriber.NewSecret()); // the old key signs too from here on
        await rig.ClientsDoneAsync(TimeSpan.FromMinutes(20));
        var expected = WebhookJudge.Expected(rig);
        await WebhookJudge.ArrivedAsync(rig, all, expected, run.LeaveOut is null ? Limit : TimeSpan.FromSeconds(20), cancellation);
        await enough.CancelAsync();
        await kills;
        var findings = new Findings(Name, rig);
        await WebhookJudge.JudgeAsync(rig, all, expected, findings);
        return findings.Conclude();
    }

    // A server that is killed before it has done anything would never get anywhere on a slow machine: some request has to come first.
    private static async Task KillAsync(Rig rig, Subscriber[] all, TimeSpan every, int atMost, CancellationToken cancellation)
    {
        for (var kills = 0; kills < atMost; kills++)
        {
            var (before, since) = (all.Sum(one => one.Receiver.All.Count), RigClock.NowNs);
            do
            {
                await Task.WhenAny(Task.Delay(every, cancellation));
            }
            while (!cancellation.IsCancellationRequested && all.Sum(one => one.Receiver.All.Count) == before && RigClock.NowNs - since < LongestLife.TotalNanoseconds);

            if (cancellation.IsCancellationRequested)
            {
                return;
            }

            await rig.RestartAsync();
        }
    }
}
