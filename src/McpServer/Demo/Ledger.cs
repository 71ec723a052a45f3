using System.Globalization;
using Pipeline.Tools.Runs;

namespace Pipeline.McpServer.Demo;

/// <summary>Time and cost of each step against what the plan expected, as lines for people. Pure.</summary>
public static class Ledger
{
    public static IReadOnlyList<string> Of(RunView run)
    {
        List<string> lines = [Line("step", "calls", "time", "expected", "cost", "expected", "model")];
        foreach (var group in run.Steps.GroupBy(step => step.BaseId, StringComparer.Ordinal))
        {
            var done = group.Where(step => step.Seconds is not null).ToList();
            if (done.Count == 0)
            {
                continue;
            }

            var models = string.Join(' ', done.Select(step => step.Model).Where(model => model is not null).Distinct());
            lines.Add(Line(
                group.Key, done.Sum(step => step.Attempts.Count).ToString(CultureInfo.InvariantCulture), Seconds(done.Sum(step => step.Seconds)), Seconds(done.Sum(step => step.EstimatedSeconds)),
                Money.Text(done.Sum(step => step.CostMicros)), Money.Text(done.Sum(step => step.EstimatedCostMicros ?? 0)), models));
        }

        var totals = run.Totals;
        lines.Add(Line("the run", "", Seconds(totals.Seconds), Seconds(totals.EstimatedSeconds), Money.Text(totals.CostMicros), Money.Text(totals.EstimatedCostMicros), "from start to end, branches side by side"));
        return lines;
    }

    private static string Line(string step, string calls, string time, string expected, string cost, string expectedCost, string models) =>
        $"{step,-14}{calls,6}{time,10}{expected,10}{cost,12}{expectedCost,12}  {models}".TrimEnd();

    private static string Seconds(double? seconds) => (seconds ?? 0).ToString("0.0 s", CultureInfo.InvariantCulture);
}
