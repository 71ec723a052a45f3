using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
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
        Subscriber[] all =
        [
            new("rig.a0", run.Seed), new("rig.a1", run.Seed + 1), new("rig.a2", run.Seed + 2), new("rig.b", run.Seed + 3), new("rig.gone", run.Seed + 4, goneAfter: 5),
        ];
        await using var rig = await Rig.OpenAsync(run.Folder, run.Seed, run.LeaveOut, server =>
        {
            server.Environment["PIPELINE_RIG_WEBHOOK_TIMES"] = isShort ? "10000" : "1000";
            server.Environment["PIPELINE_EGRESS_HOSTS"] = string.Join(',', all.Select(one => one.Receiver.Host));
        });
        await Stage.WorkspaceAsync(rig, Workspace);
        foreach (var one in all)
        {
            await one.SubscribeAsync(rig.Operator, Workspace, one.Kind == "rig.b" ? "v1a" : NewSecret());
        }

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var kills = KillAsync(rig, all, TimeSpan.FromSeconds(isShort ? 1 : 10), isShort ? 6 : int.MaxValue, enough.Token);
        JsonArray kinds = [.. all.SelectMany(one => Enumerable.Repeat(one.Kind, one.Kind.StartsWith("rig.a", StringComparison.Ordinal) ? 8 : one.Kind == "rig.b" ? 3 : 1)).Select(kind => JsonValue.Create(kind))];
        foreach (var index in Enumerable.Range(0, Clients))
        {
            rig.Start("notify", $"notify-{index}", index, new() { ["workspace"] = Workspace, ["kinds"] = kinds.DeepClone(), ["events"] = (run.Count + Clients - 1) / Clients });
        }

        await Task.Delay(TimeSpan.FromSeconds(isShort ? 0.5 : 20), cancellation);
        await all[0].SubscribeAsync(rig.Operator, Workspace, NewSecret()); // the old key signs too from here on
        await rig.ClientsDoneAsync(TimeSpan.FromMinutes(20));
        var expected = Expected(rig);
        await ArrivedAsync(rig, all, expected, run.LeaveOut is null ? Limit : TimeSpan.FromSeconds(20), cancellation);
        await enough.CancelAsync();
        await kills;
        var findings = new Findings(Name, rig);
        await JudgeAsync(rig, all, expected, findings);
        return findings.Conclude();
    }

    private static string NewSecret() => "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    // Names of the events whose call was answered, with the kind of each.
    private static Dictionary<string, string> Expected(Rig rig) => rig.Recorder.Read().Operations
        .Where(operation => operation.Tool == "notify_webhook" && operation.Outcome == Outcome.Ok)
        .Select(operation => (Name: (string)operation.Arguments["payload"]!["n"]!, Kind: (string)operation.Arguments["event"]!)).Distinct().ToDictionary(told => told.Name, told => told.Kind);

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

    // Until all came; what died meanwhile is replayed.
    private static async Task ArrivedAsync(Rig rig, Subscriber[] all, Dictionary<string, string> expected, TimeSpan limit, CancellationToken cancellation)
    {
        var kinds = all.ToDictionary(one => one.Kind);
        for (var until = RigClock.NowNs + (long)limit.TotalNanoseconds; RigClock.NowNs < until; await Task.Delay(2_000, cancellation))
        {
            if (expected.All(told => told.Value == "rig.gone" || kinds[told.Value].Receiver.Taken.ContainsKey(told.Key)))
            {
                return;
            }

            foreach (var one in all.Where(one => one.Kind != "rig.gone"))
            {
                await rig.Operator.ChangeAsync("replay_delivery", new() { ["subscription_id"] = one.Id });
            }
        }
    }

    private static async Task JudgeAsync(Rig rig, Subscriber[] all, Dictionary<string, string> expected, Findings findings)
    {
        var invoked = rig.Recorder.Read().Operations.Where(operation => operation.Tool == "notify_webhook").Select(operation => (string)operation.Arguments["payload"]!["n"]!).ToHashSet();
        var (came, repeated, twoKeys, lost, phantoms) = (0, 0, 0, 0, 0);
        await using var log = new StreamWriter(Path.Combine(rig.Folder, "received.jsonl"));
        foreach (var one in all)
        {
            foreach (var told in expected.Where(told => told.Value == one.Kind && one.Kind != "rig.gone" && !one.Receiver.Taken.ContainsKey(told.Key)))
            {
                lost++;
                findings.Violation($"{told.Key} was answered and never arrived.");
            }

            foreach (var message in one.Receiver.All)
            {
                came++;
                await log.WriteLineAsync(JsonSerializer.Serialize(new { message.Id, message.Timestamp, message.Signature, message.Body, one.Keys, Answered = message.Answered.ToString() }));
                var isPhantom = message.Name.StartsWith("undone-", StringComparison.Ordinal) || !invoked.Contains(message.Name);
                phantoms += isPhantom ? 1 : 0;
                findings.Require(!isPhantom, $"{message.Name} was undone and arrived all the same.");
                findings.Require(message.Line.StartsWith("POST /hook ", StringComparison.Ordinal), $"'{message.Line}' was asked for: a redirect was followed.");
                var signatures = message.Signature.Split(' ').Length;
                twoKeys += signatures == 2 ? 1 : 0;
                findings.Require(one.Keys.Count(message.IsSignedBy) == signatures, $"{message.Id} bears {signatures} signatures, not all of which hold.");
            }

            foreach (var same in one.Receiver.All.GroupBy(message => message.Name))
            {
                repeated += same.Count() - 1;
                findings.Require(same.Select(message => (message.Id, message.Body)).Distinct().Count() == 1, $"{same.Key} came under several ids or with several bodies.");
            }
        }

        var gone = all[^1];
        findings.Require(expected.Values.Count(kind => kind == gone.Kind) < 20 || gone.Receiver.All.Last().Answered == ReceiverFault.Gone, "The receiver that goes away never did.");
        var afterwards = await rig.Operator.TryAsync("notify_webhook", new() { ["subscription_id"] = gone.Id, ["payload"] = new JsonObject() });
        findings.Require(afterwards.Code is "subscription_disabled" || gone.Receiver.All.All(message => message.Answered != ReceiverFault.Gone), "A receiver that answered 410 is still sent to.");
        findings.Require(all[0].Receiver.All.Any(message => message.Signature.Contains(' ', StringComparison.Ordinal)), "No message bore two signatures.");
        findings.Figures["events_told"] = expected.Count;
        findings.Figures["events_undone"] = invoked.Count(name => name.StartsWith("undone-", StringComparison.Ordinal));
        findings.Figures["requests"] = came;
        findings.Figures["requests_at_fault"] = all.Sum(one => one.Receiver.All.Count(message => message.Answered != ReceiverFault.None));
        findings.Figures["requests_repeated"] = repeated;
        findings.Figures["requests_repeated_after_a_2xx"] = all.Sum(one => one.Receiver.All.Where(message => message.Answered == ReceiverFault.None).GroupBy(message => message.Id).Sum(same => same.Count() - 1));
        findings.Figures["requests_with_two_signatures"] = twoKeys;
        findings.Figures["lost"] = lost;
        findings.Figures["phantoms"] = phantoms;
    }
}
