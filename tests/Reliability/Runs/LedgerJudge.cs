using System.Text.Json.Nodes;
using Pipeline.Reliability.Recording;
using Pipeline.Reliability.Reporting;

namespace Pipeline.Reliability.Runs;

/// <summary>
/// Holds the ledger against what workers reported. No two reports name the same cost, so every line of the ledger belongs to one report: each report
/// that was answered stands there once, the accepted one as accepted, any other as waste; nothing else stands there but reports whose answer was lost.
/// </summary>
internal sealed class LedgerJudge(Rig rig, Findings findings)
{
    private long _reportedMicros;
    private long _acceptedMicros;
    private long _wasteMicros;
    private int _charges;

    public async Task JudgeAsync(string run, JsonObject view, IReadOnlyList<StepReport> reports)
    {
        var ledger = await rig.Operator.AskAsync("report_costs", new() { ["run_id"] = run, ["group_by"] = "step" });
        var waste = ledger["waste"]!.AsArray().Select(line => line!.AsObject()).ToLookup(line => line.Text("step_id"), line => line.Whole("cost_micros"));
        var totals = ledger["totals"]!.AsArray().Select(total => total!.AsObject()).ToDictionary(total => total.Text("key"));
        var acceptedGeneration = RunPages.Steps(view).ToDictionary(
            step => step.Text("step_id"),
            step => RunPages.Attempts(step).Where(attempt => attempt.Text("outcome") == "succeeded").Select(attempt => attempt.Whole("generation")).FirstOrDefault(-1));
        foreach (var (step, generation) in acceptedGeneration)
        {
            var total = totals.GetValueOrDefault(step);
            var acceptedMicros = total is null ? 0 : total.Whole("cost_micros") - total.Whole("waste_micros");
            JudgeStep($"{run}/{step}", generation, [.. reports.Where(report => report.StepId == step)], acceptedMicros, [.. waste[step]], total?.Whole("charges") ?? 0);
        }

        _acceptedMicros += ledger.Whole("accepted_micros");
        _wasteMicros += ledger.Whole("waste_micros");
        _charges += (int)totals.Values.Sum(total => total.Whole("charges"));
        findings.Require(ledger.Whole("cost_micros") == ledger.Whole("accepted_micros") + ledger.Whole("waste_micros"), $"{run}: the ledger does not add up.");
        findings.Require(view["totals"]!.AsObject().Whole("cost_micros") == ledger.Whole("cost_micros"), $"{run}: get_run and report_costs differ.");
    }

    public void Conclude()
    {
        findings.Figures["charges"] = _charges;
        findings.Figures["reported_and_answered_micros"] = _reportedMicros;
        findings.Figures["accepted_micros"] = _acceptedMicros;
        findings.Figures["waste_micros"] = _wasteMicros;
    }

    private void JudgeStep(string step, long acceptedGeneration, List<StepReport> reports, long acceptedMicros, List<long> waste, long charges)
    {
        var accepted = reports.Where(report => report.Completes && report.Generation == acceptedGeneration).Select(report => report.CostMicros).ToList();
        var known = reports.Select(report => report.CostMicros).ToHashSet();
        findings.Require(acceptedGeneration < 0 ? acceptedMicros == 0 : accepted.Contains(acceptedMicros), $"{step}: {acceptedMicros} micros are charged as accepted, {string.Join(" or ", accepted)} were reported.");
        findings.Require(charges == waste.Count + (acceptedMicros > 0 ? 1 : 0), $"{step}: {charges} charges, of which {waste.Count} are listed as waste.");
        findings.Require(waste.Distinct().Count() == waste.Count, $"{step}: the same charge is wasted twice: {string.Join(", ", waste)}.");
        foreach (var strange in waste.Where(micros => !known.Contains(micros)))
        {
            findings.Violation($"{step}: nobody reported the {strange} micros that are listed as waste.");
        }

        foreach (var report in reports.Where(report => report.MustBeCharged))
        {
            _reportedMicros += report.CostMicros;
            findings.Require(report.CostMicros == acceptedMicros || waste.Contains(report.CostMicros), $"{step}@{report.Generation}: the {report.CostMicros} micros of {report.Tool} ({report.Code ?? "ok"}) are not in the ledger.");
        }

        foreach (var refused in reports.Where(report => report.Outcome == Outcome.Refused && report.Code != "superseded"))
        {
            findings.Violation($"{step}@{refused.Generation}: {refused.Tool} was refused as {refused.Code}.");
        }
    }
}
