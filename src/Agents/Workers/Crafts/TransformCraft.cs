using System.Text.Json.Nodes;

namespace Pipeline.Agents.Workers.Crafts;

/// <summary>Every recipe of transform_media: the router names the model, the picture is measured before and after.</summary>
public sealed class TransformCraft : ICraft
{
    public IReadOnlyList<string> Capabilities { get; } = ["proxy", "upscale", "stabilise", "smooth", "denoise", "sharpen", "grade", "loudness", "title"];

    public async Task<StepReport> DoAsync(StepWork work, CancellationToken ct)
    {
        var (recipe, asset, output) = (work.Step.Capability, work.Need("asset"), work.Need("output"));
        var route = await work.RouteAsync(ct).ConfigureAwait(false);
        var height = recipe == "upscale" ? Streams.From(await work.ReadAsync("probe_media", new { asset }, ct).ConfigureAwait(false)).Height : null;
        var held = await work.LockAsync(output, ct).ConfigureAwait(false);
        await using (held.ConfigureAwait(false))
        {
            var options = RecipeOptions.For(recipe, work.Inputs, height);
            var made = await work.WriteAsync("transform_media", new { asset, recipe, options, output }, held, "transform", ct).ConfigureAwait(false);
            return new StepReport(new JsonObject { ["asset"] = StepWork.Pinned(made) }, Quality.BeforeAndAfter(made)) { Route = route };
        }
    }
}
