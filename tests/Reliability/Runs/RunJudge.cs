using System.Text.Json.Nodes;
using Pipeline.Reliability.Recording;
using Pipeline.Reliability.Reporting;

namespace Pipeline.Reliability.Runs;

/// <summary>Holds what clients were told against what the server says of its runs, and both against the plans.</summary>
internal sealed class RunJudge(Rig rig, History history, Findings findings)
{
    private readonly ILookup<(string Run, string Step), StepReport> _reports = StepReport.Of(history).ToLookup(report => (report.RunId, report.StepId));
    private readonly ILookup<(string Run, string Step), Operation> _claims = ClaimsOf(history);
    private readonly LedgerJudge _ledger = new(rig, findings);

    private int _steps;
    private int _accepted;
    private int _superseded;

    /// <summary>Judges the runs of a workspace.</summary>
    public async Task JudgeAsync(string workspace, IReadOnlyDictionary<string, MixedPlan> runs)
    {
        var events = (await rig.Operator.EventsAsync(workspace, "step.*", "run.*")).ToLookup(happened => happened.Text("subject"));
        foreach (var (id, plan) in runs)
        {
            var shown = await rig.Operator.TryAsync("get_run", new() { ["run_id"] = id });
            if (!shown.IsOk)
            {
                findings.Violation($"The run {id} of '{plan.Name}' was started, yet get_run answers {shown.Code}.");
                continue;
            }

            var run = shown.Body;
            findings.Require(run.Text("state") == plan.End, $"The run {id} of '{plan.Name}' is {run.Text("state")}, not {plan.End}.");
            foreach (var step in RunPages.Steps(run))
            {
                JudgeStep(id, step, events[id]);
            }

            JudgeOrder(id, plan, run, events[id].ToList());
            await _ledger.JudgeAsync(id, run, [.. RunPages.Steps(run).SelectMany(step => _reports[(id, step.Text("step_id"))])]);
        }

        findings.Figures["steps"] = _steps;
        findings.Figures["results_accepted"] = _accepted;
        findings.Figures["reports_superseded"] = _superseded;
        _ledger.Conclude();
    }

    private void JudgeStep(string run, JsonObject step, IEnumerable<JsonObject> events)
    {
        var id = step.Text("step_id");
        var attempts = RunPages.Attempts(step).ToDictionary(attempt => attempt.Whole("generation"));
        var reports = _reports[(run, id)].ToList();
        var accepted = attempts.Values.Where(attempt => attempt.Text("outcome") == "succeeded").Select(attempt => attempt.Whole("generation")).ToList();
        var told = events.Count(happened => happened.Text("kind") == "step.succeeded" && happened["data"]!.AsObject().Text("step_id") == id);
        _steps++;
        _accepted += accepted.Count;
        _superseded += reports.Count(report => report.Code == "superseded");
        findings.Require(step.Text("state") is "succeeded" or "failed" or "skipped", $"{run}/{id} is {step.Text("state")} in a run that ended.");
        findings.Require(step.Text("state") != "succeeded" || told == 1, $"{run}/{id} succeeded {told} times in the log of events.");
        findings.Require(accepted.Count == (step.Text("state") == "succeeded" && attempts.Count > 0 ? 1 : 0), $"{run}/{id} is {step.Text("state")} with {accepted.Count} accepted results.");
        foreach (var report in reports.Where(report => report.Outcome == Outcome.Ok))
        {
            var outcome = attempts.TryGetValue(report.Generation, out var attempt) ? attempt.Text("outcome") : "unknown";
            findings.Require(outcome == (report.Completes ? "succeeded" : "failed"), $"{run}/{id}@{report.Generation}: {report.Tool} was acknowledged, yet the claim is {outcome}.");
        }

        foreach (var claim in _claims[(run, id)])
        {
            var generation = Stage.Claimed(claim.Answer!)!.Whole("generation");
            var holder = attempts.TryGetValue(generation, out var attempt) ? attempt.Text("agent") : "nobody's";
            findings.Require(holder == claim.Agent, $"{run}/{id}@{generation}: {claim.Agent} was told that it has the claim, which is {holder}.");
        }
    }

    // In the log of commits, and in real time: who gets a step must not get it before somebody began to report what it needs.
    private void JudgeOrder(string run, MixedPlan plan, JsonObject view, List<JsonObject> events)
    {
        var settled = events.Where(happened => happened.Text("kind") is "step.succeeded" or "step.failed" or "step.skipped")
            .GroupBy(happened => happened["data"]!.AsObject().Text("step_id")).ToDictionary(group => group.Key, group => group.Max(happened => happened.Whole("cursor")));
        var claimed = events.Where(happened => happened.Text("kind") == "step.claimed")
            .GroupBy(happened => happened["data"]!.AsObject().Text("step_id")).ToDictionary(group => group.Key, group => group.Min(happened => happened.Whole("cursor")));
        var parts = RunPages.Steps(view).ToLookup(step => step.Text("base_id"));
        foreach (var step in RunPages.Steps(view).Where(step => claimed.ContainsKey(step.Text("step_id"))))
        {
            var id = step.Text("step_id");
            foreach (var parent in plan.Needs(step.Text("base_id")).SelectMany(need => parts[need]))
            {
                var needed = parent.Text("step_id");
                findings.Require(settled.TryGetValue(needed, out var at) && at < claimed[id], $"{run}/{id} was claimed before {needed} had committed.");
                var begun = _reports[(run, needed)].Where(report => report.Completes).Select(report => report.InvokedAtNs).DefaultIfEmpty(long.MinValue).Min();
                var got = _claims[(run, id)].Select(claim => claim.ReturnedAtNs!.Value).DefaultIfEmpty(long.MaxValue).Min();
                findings.Require(begun < got, $"{run}/{id} was handed out before anyone reported {needed}.");
            }
        }
    }

    private static ILookup<(string Run, string Step), Operation> ClaimsOf(History history) => history.Operations
        .Where(operation => operation is { Tool: "claim_step", Outcome: Outcome.Ok } && Stage.Claimed(operation.Answer!) is not null)
        .ToLookup(operation => (Stage.Claimed(operation.Answer!)!.Text("run_id"), Stage.Claimed(operation.Answer!)!.Text("step_id")));
}
