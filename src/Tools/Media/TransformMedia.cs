using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Server;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Media.Programs;
using Pipeline.Tools.Media.Recipes;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Media;

[Tool(Toolset.Media, Changes = true, Writes = true)]
internal sealed partial class TransformMedia(Call call, MediaDesk desk, Transformer transformer, Speaker speaker, WriteGuard guard, AssetWriter writer)
{
    private const string File = "made.mp4";

    /// <summary>Applies a recipe and measures before and after: proxy, upscale, stabilise, smooth, denoise, sharpen, grade, loudness, title, speech (which needs no asset).</summary>
    /// <param name="recipe">Its name.</param>
    /// <param name="output">workspace/path to write.</param>
    /// <param name="asset">The source.</param>
    /// <param name="options">The recipe's own, such as {"strength": 0.5}.</param>
    /// <param name="progress">Bound by the server.</param>
    [McpServerTool(Name = "transform_media", Title = "Transform media", ReadOnly = false, Destructive = true, Idempotent = false, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<TransformedMedia> RunAsync(
        IProgress<ProgressNotificationValue> progress, string recipe, string output, string? asset = null, JsonObject? options = null,
        CancellationToken cancellation = default)
    {
        var read = RecipeBook.Read(recipe, options is null ? null : JsonSerializer.SerializeToElement(options));
        var target = AssetName.ParseTarget(output, "output");
        await guard.CheckEarlyAsync(target, cancellation).ConfigureAwait(false);
        using var job = desk.Job();
        var (source, result) = await MakeAsync(read, asset, job, MediaDesk.Percent(progress), cancellation).ConfigureAwait(false);
        var stored = await desk.StoreAsync(job, File, cancellation).ConfigureAwait(false);
        var lineage = new Lineage { Tool = call.Tool, Sources = source is null ? [] : [source.Address], Method = recipe, Parameters = options };
        AssetRow? made = null;
        var answer = await call.CommitAsync(target.Workspace, target.Current, async tx =>
        {
            made = await writer.WriteAsync(tx, new(target, stored, result.After.ContainsKey("width") ? "video/mp4" : "audio/mp4", lineage)).ConfigureAwait(false);
            if (source is not null)
            {
                await desk.MeterAsync(tx, source, result.BytesRead, stored.SizeBytes).ConfigureAwait(false);
            }

            return new TransformedMedia(made.Name, made.Version, recipe, source?.Address, result.Before, result.After, result.BytesRead, stored.SizeBytes);
        }, cancellation, done => new { done.Recipe, done.Source }).ConfigureAwait(false);
        if (made is not null)
        {
            call.Attach(AssetLink.To(made));
        }

        return answer;
    }

    private async Task<(AssetRow? Source, TransformResult Result)> MakeAsync(
        Recipe recipe, string? asset, WorkFolder job, IProgress<double> progress, CancellationToken cancellation)
    {
        if (asset is null)
        {
            return recipe is SpeechRecipe speech
                ? (null, await speaker.SpeakAsync(speech, job, File, progress, cancellation).ConfigureAwait(false))
                : throw new InvalidArgumentError("asset", "This recipe needs an asset to work on; only speech makes one from nothing.");
        }

        var (row, media) = await desk.OpenAsync(asset, cancellation).ConfigureAwait(false);
        return (row, await transformer.TransformAsync(media, recipe, job, File, progress, cancellation).ConfigureAwait(false));
    }
}

/// <summary>What a recipe made, and its own numbers before and after, taken with the same ruler.</summary>
public sealed record TransformedMedia(
    string Asset, long Version, string Recipe, string? Source, IReadOnlyDictionary<string, double> MetricsBefore, IReadOnlyDictionary<string, double> MetricsAfter,
    long? BytesRead, long BytesWritten);
