using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;
using Pipeline.Agents.Workers;

namespace Pipeline.Reliability.Estimates;

/// <summary>Has the routed model make the step's output, as the shipped craft does, and does not look at what came: looking is this machine's work, not the vendor's.</summary>
internal sealed class BuyCraft : ICraft
{
    public IReadOnlyList<string> Capabilities { get; } = [.. PriceList.Models.Select(model => model.Capability).Distinct()];

    public async Task<StepReport> DoAsync(StepWork work, CancellationToken ct)
    {
        var (route, output) = (await work.RouteAsync(ct), work.Need("output"));
        await using var held = await work.LockAsync(output, ct);
        var order = new { model = route.Model, capability = work.Step.Capability, prompt = work.Need("prompt"), output, run_id = work.Step.RunId, step_id = work.Step.StepId, wait_seconds = 45 };
        while (true)
        {
            var job = await work.WriteOnceAsync("generate_media", order, held, "generate", ct);
            switch (job.Text("state"))
            {
                case "done":
                    return new StepReport(new JsonObject { ["asset"] = job.Text("asset") }, []) { Route = route with { CostMicros = null } };
                case "failed" or "cancelled" or "lost" or "ambiguous" or "orphaned":
                    throw new CraftFailed("not_bought", job.ToJsonString());
            }
        }
    }
}
