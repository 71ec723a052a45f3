using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Workers.Crafts;

/// <summary><c>speech</c>: speaks a text into a sound file, by the server's own voice or by whatever voice the router names.</summary>
public sealed class SpeechCraft : ICraft
{
    public IReadOnlyList<string> Capabilities { get; } = ["speech"];

    public async Task<StepReport> DoAsync(StepWork work, CancellationToken ct)
    {
        var route = await work.RouteAsync(ct).ConfigureAwait(false);
        if (route.Provider is not (null or "local")) return await GenerateCraft.MakeAsync(work, route, work.Need("text"), ct).ConfigureAwait(false);
        var output = work.Need("output");
        var held = await work.LockAsync(output, ct).ConfigureAwait(false);
        await using (held.ConfigureAwait(false))
        {
            var options = Wire.Object(new { text = work.Need("text"), voice = work.Inputs.Text("voice") });
            var made = await work.WriteAsync("transform_media", new { recipe = "speech", options, output }, held, "speech", ct).ConfigureAwait(false);
            return new StepReport(new JsonObject { ["asset"] = StepWork.Pinned(made) }, Quality.Promised(made, "metrics_after", null)) { Route = route };
        }
    }
}
