using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Workers.Crafts;

/// <summary><c>check</c>: decodes all of a file and holds what was measured against what was wanted. A file that does not decode fails the step.</summary>
public sealed class CheckCraft : ICraft
{
    private static readonly string[] Checks = ["black", "freeze", "silence", "loudness", "sync"];

    public IReadOnlyList<string> Capabilities { get; } = ["check"];

    public async Task<StepReport> DoAsync(StepWork work, CancellationToken ct)
    {
        var asset = work.Need("asset");
        var streams = Streams.From(await work.ReadAsync("probe_media", new { asset }, ct).ConfigureAwait(false));
        JsonObject measured;
        var held = await work.LockAsync(asset, ct).ConfigureAwait(false);
        await using (held.ConfigureAwait(false))
        {
            measured = Quality.Promised(await work.WriteAsync("analyze_media", new { asset, checks = Checks }, held, "analyze", ct).ConfigureAwait(false), "metrics", streams.DurationSeconds);
        }

        var drift = measured.Number("drift_seconds") ?? streams.DriftSeconds;
        var verdicts = FinalCheck.Judge(new FinalMeasures(
            streams, work.Inputs.Number("expected_duration_seconds"), work.Inputs.Number("max_drift_seconds"), drift,
            measured.Number("black_share"), measured.Number("freeze_share"), measured.Number("loudness_lufs"),
            work.Inputs.Number("source_loudness_lufs")));
        var isPassed = verdicts.All(verdict => verdict.Passed);
        return StepReport.Of(
            new { report = new { passed = isPassed, checks = verdicts } },
            new
            {
                passed = isPassed ? 1 : 0,
                duration_seconds = streams.DurationSeconds,
                drift_seconds = drift,
                black_share = measured.Number("black_share"),
                freeze_share = measured.Number("freeze_share"),
                loudness_lufs = measured.Number("loudness_lufs"),
            });
    }
}
