using System.Text.Json.Nodes;

namespace Pipeline.Agents.Workers.Crafts;

/// <summary>
/// <c>generate_image</c>, <c>generate_video</c>, <c>generate_audio</c>: the router names the model, the server buys, this waits until the job
/// has ended and measures what came of it.
/// </summary>
public sealed class GenerateCraft : ICraft
{
    // What a capability takes for itself; everything else in its inputs is for the model.
    private static readonly HashSet<string> Own = new(StringComparer.Ordinal) { "prompt", "text", "references", "parameters", "output" };

    public IReadOnlyList<string> Capabilities { get; } = ["generate_image", "generate_video", "generate_audio"];

    public async Task<StepReport> DoAsync(StepWork work, CancellationToken ct) =>
        await MakeAsync(work, await work.RouteAsync(ct).ConfigureAwait(false), work.Need("prompt"), ct).ConfigureAwait(false);

    /// <summary>Has a model make the step's output.</summary>
    internal static async Task<StepReport> MakeAsync(StepWork work, RoutedModel route, string prompt, CancellationToken ct)
    {
        var output = work.Need("output");
        var held = await work.LockAsync(output, ct).ConfigureAwait(false);
        await using (held.ConfigureAwait(false))
        {
            var job = new GenerationJob(work, route, held);
            var made = await job.WaitAsync(prompt, Parameters(work.Inputs), ct).ConfigureAwait(false);
            if (route.Shadow is { } shadow) await job.ShadowAsync(shadow, prompt, Parameters(work.Inputs), ct).ConfigureAwait(false);
            var metrics = await TakeMeasure.LookAsync(work, made, StepWork.Unversioned(made) == output ? held : null, "measure", ct).ConfigureAwait(false);
            // The server charges what the model took; a cost named here again would be charged twice.
            return new StepReport(new JsonObject { ["asset"] = made }, metrics) { Route = job.Route with { CostMicros = null } };
        }
    }

    private static JsonObject Parameters(JsonObject inputs)
    {
        var parameters = inputs["parameters"]?.DeepClone() as JsonObject ?? [];
        foreach (var (name, value) in inputs)
            if (value is not null && !Own.Contains(name)) parameters[name] = value.DeepClone();
        return parameters;
    }
}
