using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Workers.Crafts;

/// <summary><c>contact_sheet</c>: frames with their times on one image, kept as an asset when an output is named.</summary>
public sealed class ContactSheetCraft : ICraft
{
    public IReadOnlyList<string> Capabilities { get; } = ["contact_sheet"];

    public async Task<StepReport> DoAsync(StepWork work, CancellationToken ct)
    {
        var arguments = new JsonObject();
        foreach (var name in new[] { "asset", "assets", "columns", "every_seconds", "output" })
            if (work.Inputs[name] is { } value) arguments[name] = value.DeepClone();
        if (arguments.Text("output") is not { } output)
        {
            await work.ChangeAsync("contact_sheet", arguments, "sheet", ct).ConfigureAwait(false);
            return StepReport.Of(new { });
        }

        var held = await work.LockAsync(output, ct).ConfigureAwait(false);
        await using (held.ConfigureAwait(false))
        {
            var drawn = await work.WriteAsync("contact_sheet", arguments, held, "sheet", ct).ConfigureAwait(false);
            return StepReport.Of(new { asset = StepWork.Pinned(drawn) });
        }
    }
}
