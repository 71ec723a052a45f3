using Pipeline.Reliability.Clients;
using Pipeline.Reliability.Recording;

namespace Pipeline.Reliability.Runs;

/// <summary>What a worker reported of one claim, over all attempts to say it.</summary>
/// <param name="CostMicros">0 when it named none.</param>
/// <param name="Outcome">Open when no attempt was answered.</param>
internal sealed record StepReport(string RunId, string StepId, long Generation, string Tool, long CostMicros, Outcome Outcome, string? Code, long InvokedAtNs)
{
    /// <summary>Whether it is a result rather than a failure.</summary>
    public bool Completes => Tool == "complete_step";

    /// <summary>Whether its cost must stand in the ledger: it was taken, or refused because the claim had passed to another.</summary>
    public bool MustBeCharged => CostMicros > 0 && (Outcome == Outcome.Ok || Code == "superseded");

    public static IEnumerable<StepReport> Of(History history) => history.Operations
        .Where(operation => operation.Tool is "complete_step" or "fail_step")
        .GroupBy(operation => operation.Key)
        .Select(attempts =>
        {
            var first = attempts.First();
            var end = attempts.FirstOrDefault(attempt => attempt.Outcome != Outcome.Open && !Answer.SaysNothing(attempt.Code));
            return new StepReport(
                first.Arguments.Text("run_id"), first.Arguments.Text("step_id"), first.Arguments.Whole("generation"), first.Tool, first.Arguments.Whole("cost_micros"),
                end?.Outcome ?? Outcome.Open, end?.Code, first.InvokedAtNs);
        });
}
