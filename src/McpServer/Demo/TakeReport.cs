using Pipeline.Tools.Runs;

namespace Pipeline.McpServer.Demo;

/// <summary>Which of the takes of a shot won, and why.</summary>
/// <param name="Asset">The winner, with its version; after another pass, that one.</param>
/// <param name="Model">What made it.</param>
/// <param name="Score">As measured, 0 to 1.</param>
/// <param name="Method">measured, or measured and the model that looked.</param>
public sealed record TakeReport(string Step, string? Asset, string? Model, double? Score, string? Method, IReadOnlyList<string> Reasons)
{
    public static TakeReport Of(StepView step)
    {
        var verdict = RunReading.Member(step.Outputs, "verdict");
        var (asset, winner) = (RunReading.Text(step.Outputs, "asset"), RunReading.Text(verdict, "winner"));
        var reasons = RunReading.Member(verdict, "reasons") is { ValueKind: System.Text.Json.JsonValueKind.Array } list ? list.EnumerateArray().Select(reason => reason.GetString() ?? "") : [];
        // A winner that was sent back is replaced by what the other pass made.
        return new(step.StepId, asset, asset == winner ? RunReading.Text(verdict, "model") : step.Model, RunReading.Number(step.Metrics, "score"), RunReading.Text(verdict, "method"), [.. reasons]);
    }
}
