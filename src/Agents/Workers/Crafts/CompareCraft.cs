using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Pipeline.Agents.Connecting;
using Pipeline.Agents.ModelClients;

namespace Pipeline.Agents.Workers.Crafts;

/// <summary>
/// <c>compare</c>: takes of one thing side by side on one picture, measured, looked at when there is a model that can, and a verdict kept.
/// A winner that will not do scores 0, so that the plan's own bar sends it back.
/// </summary>
/// <param name="model">Null to go by what was measured.</param>
public sealed class CompareCraft(ChatModel? model) : ICraft
{
    private const int TilesInARow = 4;
    private const int MostReferences = 2;
    private const int WindowBytes = 1 << 20;

    public IReadOnlyList<string> Capabilities { get; } = ["compare"];

    public async Task<StepReport> DoAsync(StepWork work, CancellationToken ct)
    {
        var candidates = work.Inputs.Texts("candidates").ToList();
        if (candidates.Count == 0) throw new CraftFailed("no_takes", "There is no take to compare: nothing was made.");
        var takes = new List<Take>();
        foreach (var candidate in candidates) takes.Add(await MeasureAsync(work, candidate, takes.Count, ct).ConfigureAwait(false));
        var sheet = await DrawAsync(work, candidates, ct).ConfigureAwait(false);
        var verdict = TakeVerdict.Measured(takes);
        var prompt = work.Inputs.Text("prompt");
        if (model is not null && await PictureAsync(work, sheet, ct).ConfigureAwait(false) is { } picture)
        {
            var references = new List<DataContent>();
            foreach (var reference in work.Inputs.Texts("references").Take(MostReferences))
                if (await PictureAsync(work, reference, ct).ConfigureAwait(false) is { } seen) references.Add(seen);
            verdict = await new TakeCritic(model).LookAsync(takes, verdict, prompt, picture, references, ct).ConfigureAwait(false);
        }

        return Report(takes, verdict, sheet, prompt);
    }

    private static StepReport Report(IReadOnlyList<Take> takes, TakeVerdict verdict, string sheet, string? prompt)
    {
        var winner = takes.First(take => take.Asset == verdict.Winner);
        var metrics = (JsonObject)winner.Metrics.DeepClone();
        metrics["score"] = verdict.Accepted ? winner.Score : 0;
        metrics["margin"] = TakeVerdict.Margin(takes, verdict.Winner);
        metrics["candidates"] = takes.Count;
        return new StepReport(
            (JsonObject)Wire.Object(new
            {
                asset = verdict.Winner,
                sheet,
                verdict = new { verdict.Winner, winner.Model, verdict.Accepted, verdict.Method, verdict.Reasons, takes = takes.Select(take => new { take.Asset, take.Model, take.Score }) },
                retake_prompt = verdict.RetakePrompt ?? prompt ?? "",
            }), metrics);
    }

    // Whoever made the take has measured it; only what is not kept with it is measured here.
    private static async Task<Take> MeasureAsync(StepWork work, string asset, int number, CancellationToken ct)
    {
        var known = await work.ReadAsync("get_asset", new { asset }, ct).ConfigureAwait(false);
        var quality = Quality.Promised(known["metadata"] as JsonObject ?? [], "quality", null);
        if (known.Whole("version") != known.Whole("current_version") || TakeScore.Of(quality) is not { } score || quality.Number("sharpness") is null)
        {
            quality = await TakeMeasure.LookAsync(work, asset, null, $"measure:{number}", ct).ConfigureAwait(false);
            score = quality.Number("score") ?? 0;
        }
        else
        {
            var streams = Streams.From(await work.ReadAsync("probe_media", new { asset }, ct).ConfigureAwait(false));
            quality["duration_seconds"] = streams.PictureSeconds ?? streams.DurationSeconds;
        }

        return new Take(asset, ModelOf(known), score, quality);
    }

    private static string? ModelOf(JsonObject known) =>
        (known["lineage"] as JsonObject)?.Text("model") ?? ((known["lineage"] as JsonObject)?["parameters"] as JsonObject)?.Text("model");

    private static async Task<string> DrawAsync(StepWork work, IReadOnlyList<string> candidates, CancellationToken ct)
    {
        var output = work.Need("output");
        var held = await work.LockAsync(output, ct).ConfigureAwait(false);
        await using (held.ConfigureAwait(false))
        {
            return StepWork.Pinned(await work.WriteAsync("contact_sheet", new { assets = candidates, columns = TilesInARow, output }, held, "sheet", ct).ConfigureAwait(false));
        }
    }

    // A picture of more than a megabyte is not looked at.
    private static async Task<DataContent?> PictureAsync(StepWork work, string asset, CancellationToken ct)
    {
        var read = await work.ReadAsync("read_asset", new { asset, offset = 0, length = WindowBytes }, ct).ConfigureAwait(false);
        if (read.Text("base64") is not { } base64 || read.Whole("total_bytes") > WindowBytes) return null;
        return new DataContent(Convert.FromBase64String(base64), asset.Contains(".png", StringComparison.OrdinalIgnoreCase) ? "image/png" : "image/jpeg");
    }
}
