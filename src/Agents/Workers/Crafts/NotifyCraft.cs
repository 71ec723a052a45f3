using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Workers.Crafts;

/// <summary><c>notify</c>: an event to whoever subscribed, signed by the server.</summary>
public sealed class NotifyCraft : ICraft
{
    public IReadOnlyList<string> Capabilities { get; } = ["notify"];

    public async Task<StepReport> DoAsync(StepWork work, CancellationToken ct)
    {
        var payload = work.Inputs["payload"]?.DeepClone() ?? new JsonObject();
        object arguments = work.Inputs.Text("subscription_id") is { } subscription_id
            ? new { subscription_id, payload }
            : new { workspace = work.Step.Workspace, @event = work.Need("event"), payload };
        var sent = await work.ChangeAsync("notify_webhook", arguments, "notify", ct).ConfigureAwait(false);
        return StepReport.Of(new { delivery_ids = sent["delivery_ids"]?.DeepClone() ?? new JsonArray() });
    }
}
