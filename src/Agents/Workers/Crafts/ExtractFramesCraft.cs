using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Workers.Crafts;

/// <summary><c>extract_frames</c>: still images at given times, each put under the output folder, under its own lock, when one is named.</summary>
public sealed class ExtractFramesCraft : ICraft
{
    public IReadOnlyList<string> Capabilities { get; } = ["extract_frames"];

    public async Task<StepReport> DoAsync(StepWork work, CancellationToken ct)
    {
        var arguments = new JsonObject();
        foreach (var name in new[] { "hit_id", "asset", "at_seconds", "region", "max_edge_pixels", "format" })
            if (work.Inputs[name] is { } value) arguments[name] = value.DeepClone();
        var looked = await work.LookAsync("extract_frames", arguments, ct).ConfigureAwait(false);
        var body = looked.StructuredContent is { ValueKind: System.Text.Json.JsonValueKind.Object } content ? JsonObject.Create(content)! : [];
        var assets = new JsonArray();
        if (work.Inputs.Text("output") is { } folder)
        {
            var images = looked.Content.OfType<ImageContentBlock>().ToList();
            // Pictures beyond a megabyte in all do not come with the answer.
            if (images.Count < body.Objects("frames").Count()) throw new CraftFailed("too_large", "The pictures are more than come with one answer. Ask for fewer, smaller or jpeg.");
            for (var i = 0; i < images.Count; i++) assets.Add(await KeepAsync(work, folder, images[i], i, ct).ConfigureAwait(false));
        }

        return StepReport.Of(new { assets }, new { bytes_read = body.Whole("bytes_read") });
    }

    private static async Task<string> KeepAsync(StepWork work, string folder, ImageContentBlock image, int number, CancellationToken ct)
    {
        var asset = $"{folder.TrimEnd('/')}/frame-{number:D3}.{image.MimeType.Split('/')[^1]}";
        var held = await work.LockAsync(asset, ct).ConfigureAwait(false);
        await using (held.ConfigureAwait(false))
        {
            var base64 = Convert.ToBase64String(image.DecodedData.Span);
            return StepWork.Pinned(await work.WriteAsync("put_asset", new { asset, base64, media_type = image.MimeType }, held, $"put:{number}", ct).ConfigureAwait(false));
        }
    }
}
