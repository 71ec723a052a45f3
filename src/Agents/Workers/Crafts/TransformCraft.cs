using System.Text.Json.Nodes;

namespace Pipeline.Agents.Workers.Crafts;

/// <summary>Every recipe of transform_media: the router names the model, the picture is measured before and after.</summary>
public sealed class TransformCraft : ICraft
{
    public IReadOnlyList<string> Capabilities { get; } = ["proxy", "upscale", "stabilise", "smooth", "denoise", "sharpen", "grade", "loudness", "title"];

    public async Task<StepReport> DoAsync(StepWork work, CancellationToken ct)
    {
        var route = await work.RouteAsync(ct).ConfigureAwait(false);
        var output = work.Need("output");
        var options = new JsonObject(work.Inputs
            .Where(input => input.Key is not ("asset" or "output") && input.Value is not null)
            .Select(input => KeyValuePair.Create(input.Key, input.Value?.DeepClone())));
        var held = await work.LockAsync(output, ct).ConfigureAwait(false);
        await using (held.ConfigureAwait(false))
        {
            var made = await work.WriteAsync("transform_media", new { asset = work.Need("asset"), recipe = work.Step.Capability, options, output }, held, "transform", ct).ConfigureAwait(false);
            return new StepReport(new JsonObject { ["asset"] = StepWork.Pinned(made) }, Quality.BeforeAndAfter(made)) { Route = route };
        }
    }
}
