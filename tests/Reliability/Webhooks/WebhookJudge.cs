using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Reliability.Recording;
using Pipeline.Reliability.Reporting;

namespace Pipeline.Reliability.Webhooks;

/// <summary>Whether every event that was told arrived, under one id and signed, and nothing else did.</summary>
internal static class WebhookJudge
{
    /// <summary>Names of the events whose call was answered, with the kind of each.</summary>
    public static Dictionary<string, string> Expected(Rig rig) => rig.Recorder.Read().Operations
        .Where(operation => operation.Tool == "notify_webhook" && operation.Outcome == Outcome.Ok)
        .Select(operation => (Name: (string)operation.Arguments["payload"]!["n"]!, Kind: (string)operation.Arguments["event"]!)).Distinct().ToDictionary(told => told.Name, told => told.Kind);

    /// <summary>Waits until all came; what died meanwhile is replayed.</summary>
    public static async Task ArrivedAsync(Rig rig, Subscriber[] all, Dictionary<string, string> expected, TimeSpan limit, CancellationToken cancellation)
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

    /// <summary>Holds what came against what was told.</summary>
    public static async Task JudgeAsync(Rig rig, Subscriber[] all, Dictionary<string, string> expected, Findings findings)
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
        findings.Require(expected.Values.Count(kind => kind == gone.Kind) < 20 || gone.Receiver.All.Any(message => message.Answered == ReceiverFault.Gone), "The receiver that goes away never did.");
        findings.Require(gone.Receiver.All.All(message => message.Answered != ReceiverFault.Gone) || await IsDisabledAsync(rig, gone), "A receiver that answered 410 is still sent to.");
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

    // The sender may be about to write down what the receiver has just answered.
    private static async Task<bool> IsDisabledAsync(Rig rig, Subscriber gone)
    {
        for (var tries = 0; tries < 30; tries++, await Task.Delay(1_000))
        {
            if ((await rig.Operator.TryAsync("notify_webhook", new() { ["subscription_id"] = gone.Id, ["payload"] = new JsonObject() })).Code is "subscription_disabled")
            {
                return true;
            }
        }

        return false;
    }
}
