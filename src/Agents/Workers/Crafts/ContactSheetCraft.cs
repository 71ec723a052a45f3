using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Workers.Crafts;

/// <summary><c>contact_sheet</c>: frames with their times on one image, kept as an asset when an output is named.</summary>
public sealed class ContactSheetCraft : ICraft
{
    public IReadOnlyList<string> Capabilities { get; } = ["contact_sheet"];

    public async Task<StepReport> DoAsync(StepWork work, CancellationToken ct)
    {
        var arguments = new JsonObject();
        foreach (var name in new[] { "asset", "assets", "columns", "every_seconds" })
            if (work.Inputs[name] is { } value) arguments[name] = value.DeepClone();
        var looked = await work.LookAsync("contact_sheet", arguments, ct).ConfigureAwait(false);
        if (work.Inputs.Text("output") is not { } output) return StepReport.Of(new { });
        var image = looked.Content.OfType<ImageContentBlock>().FirstOrDefault() ?? throw new CraftFailed("no_image", "contact_sheet gave no image.", retryable: true);
        var held = await work.LockAsync(output, ct).ConfigureAwait(false);
        await using (held.ConfigureAwait(false))
        {
            var base64 = Convert.ToBase64String(image.DecodedData.Span);
            var written = await work.WriteAsync("put_asset", new { asset = output, base64, media_type = image.MimeType }, held, "put", ct).ConfigureAwait(false);
            return StepReport.Of(new { asset = StepWork.Pinned(written) });
        }
    }
}
