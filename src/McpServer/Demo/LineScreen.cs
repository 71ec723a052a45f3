using System.Globalization;
using Pipeline.Tools.Runs;

namespace Pipeline.McpServer.Demo;

/// <summary>Plain lines: one for each step that changes its state.</summary>
internal sealed class LineScreen(TextWriter output) : IRunScreen
{
    private readonly Dictionary<string, string> _before = new(StringComparer.Ordinal);

    public void Say(string line)
    {
        lock (_before)
        {
            output.WriteLine(line);
        }
    }

    public Task<RunView> ShowAsync(Func<Action<RunView>, Task<RunView>> follow) => follow(Show);

    private void Show(RunView run)
    {
        // Items that are passed by, and steps that only wait their turn, are no news.
        foreach (var step in run.Steps.Where(step => step.State is not ("blocked" or "ready") && !(step.State == "skipped" && step.StepId.Contains('['))))
        {
            var standing = $"{step.State}{(step.Reason is null ? "" : $" ({step.Reason})")}{(step.Error is { } error ? $" {error.Code}: {error.Message}" : "")}";
            if (_before.GetValueOrDefault(step.StepId) == standing)
            {
                continue;
            }

            _before[step.StepId] = standing;
            var who = step.Agent is null ? "" : $"  {step.Agent}";
            var seconds = step.State != "claimed" && step.Seconds is { } took ? string.Create(CultureInfo.InvariantCulture, $"  {took:0.0} s") : "";
            Say(string.Create(CultureInfo.InvariantCulture, $"{run.Totals.Seconds,6:0.0} s  {step.StepId,-18} {standing}{who}{seconds}"));
        }
    }
}
