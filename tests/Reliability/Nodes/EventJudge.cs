using System.Text.Json.Nodes;
using Pipeline.Reliability.Recording;
using Pipeline.Reliability.Reporting;
using Pipeline.Reliability.Runs;

namespace Pipeline.Reliability.Nodes;

/// <summary>
/// Whether every change that was answered has its event, once; and whether who followed the events from cursor to cursor while everything failed has
/// read what stands there in the end: all of it, once, in that order.
/// </summary>
internal sealed class EventJudge(Rig rig, Findings findings)
{
    private static readonly TimeSpan CatchUp = TimeSpan.FromSeconds(40);

    private int _events;
    private int _followed;
    private int _lost;

    /// <summary>Judges the events of a workspace; the follower is still at it.</summary>
    public async Task JudgeAsync(string workspace)
    {
        var all = await rig.Operator.EventsAsync(workspace);
        var last = all.Count == 0 ? 0 : all[^1].Whole("cursor");
        var read = Read(workspace);
        for (var until = RigClock.NowNs + (long)CatchUp.TotalNanoseconds; read.LastOrDefault()?.Whole("cursor") is not { } at || (at < last && RigClock.NowNs < until); read = Read(workspace))
        {
            await Task.Delay(500);
            if (RigClock.NowNs > until)
            {
                break;
            }
        }

        read.RemoveAll(happened => happened.Whole("cursor") > last);
        var (written, seen) = (all.Select(Line).ToList(), read.Select(Line).ToList());
        var missing = written.Except(seen).ToList();
        (_events, _followed, _lost) = (_events + written.Count, _followed + seen.Count, _lost + missing.Count);
        foreach (var line in missing.Take(5))
        {
            findings.Violation($"{workspace}: the follower never read {line}");
        }

        findings.Require(missing.Count > 0 || written.SequenceEqual(seen), $"{workspace}: the follower read the {written.Count} events in another order, or {seen.Count - seen.Distinct().Count()} of them twice.");
        findings.Require(all.Zip(all.Skip(1)).All(pair => pair.First.Whole("cursor") < pair.Second.Whole("cursor")), $"{workspace}: cursors do not rise.");
        findings.Figures["events"] = _events;
        findings.Figures["events_followed"] = _followed;
        findings.Figures["events_lost"] = _lost;
        JudgeEffects(workspace, all);
    }

    private void JudgeEffects(string workspace, List<JsonObject> all)
    {
        var told = all.Where(happened => happened["data"]?["n"] is not null).ToLookup(happened => happened["data"]!.AsObject().Text("n"));
        var written = all.Where(happened => happened.Text("kind") == "asset.written").ToLookup(happened => (happened.Text("subject"), happened["data"]!.AsObject().Whole("version")));
        foreach (var answered in rig.Recorder.Read().Operations.Where(operation => operation.Outcome == Outcome.Ok).DistinctBy(operation => operation.Key))
        {
            var times = answered.Tool switch
            {
                "notify_webhook" when answered.Arguments.Text("workspace") == workspace => told[answered.Arguments["payload"]!.AsObject().Text("n")].Count(),
                "put_asset" when answered.Arguments.Text("asset").StartsWith(workspace + "/", StringComparison.Ordinal) => written[(answered.Arguments.Text("asset"), answered.Answer!.Whole("version"))].Count(),
                _ => 1,
            };
            findings.Require(times == 1, $"{answered.Tool} {answered.Key} was answered, and {times} events say so.");
        }
    }

    private List<JsonObject> Read(string workspace) =>
    [
        .. rig.Recorder.Read().Operations
            .Where(operation => operation is { Client: FollowScript.Client, Tool: "wait_events", Outcome: Outcome.Ok } && operation.Arguments.Text("workspace") == workspace)
            .SelectMany(operation => operation.Answer!["events"]!.AsArray()).Select(happened => happened!.AsObject()),
    ];

    private static string Line(JsonObject happened) => happened.ToJsonString();
}
