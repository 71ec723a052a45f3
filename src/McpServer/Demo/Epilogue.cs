using System.Globalization;
using Pipeline.Tools.Runs;

namespace Pipeline.McpServer.Demo;

/// <summary>What is told when a demo is over.</summary>
internal static class Epilogue
{
    private static readonly string[] Papers = ["contact-sheet.jpg", "run.json"];

    public static void Write(TextWriter output, DemoOptions options, RunView run, RunReport report, bool isGood)
    {
        Section(output, "What was chosen, and why", Timeline.Of(run));
        Section(output, "Time and cost against the plan's estimate", Ledger.Of(run));
        Section(output, "What came of it", Outcome(options, run, report, isGood));
    }

    private static IEnumerable<string> Outcome(DemoOptions options, RunView run, RunReport report, bool isGood)
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"{run.RunId} {run.State} after {run.Totals.Seconds:0.0} s{(isGood ? "" : ", and not all is well")}");
        foreach (var step in run.Steps.Where(step => step.State == "failed"))
        {
            yield return $"failed    {step.StepId}: {step.Error?.Code}: {step.Error?.Message}";
        }

        if (report.Cuts.SavedShare is { } saved)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"bytes     {saved:P1} of the footage's bytes never moved for the cuts: {report.Cuts.BytesRead:N0} of {report.Cuts.SourceBytes:N0} were read");
            yield return string.Create(CultureInfo.InvariantCulture, $"          {report.SavedShare:P1} over all steps, analysis and repairs included, which read all of what they work on");
        }

        yield return report.Webhook is { } webhook ? $"webhook   {webhook.Event}, signature verified ({webhook.DeliveryId})" : "webhook   none was verified";
        yield return $"audit     {report.Audit.Entries} entries, chain {(report.Audit.Verified ? "verified" : "BROKEN")}: {string.Join(", ", report.Audit.EntriesByAgent.Select(agent => $"{agent.Key} {agent.Value}"))}";
        if (report.Delivery is { } film)
        {
            yield return $"film      {Path.Combine(options.Out, "delivery.mp4")} ({film})";
        }

        yield return $"papers    {string.Join(", ", Papers.Select(name => Path.Combine(options.Out, name)).Where(File.Exists))}";
        if (options.Server is null)
        {
            yield return $"look      pipeline serve --data {options.Data}    shows the same run";
        }
    }

    private static void Section(TextWriter output, string title, IEnumerable<string> lines)
    {
        output.WriteLine();
        output.WriteLine(title);
        foreach (var line in lines)
        {
            output.WriteLine("  " + line);
        }
    }
}
