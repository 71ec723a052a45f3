using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Workers.Crafts;

/// <summary><c>extract_frames</c>: still images at given times, each put under the output folder when one is named.</summary>
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
            for (var i = 0; i < images.Count; i++)
            {
                var asset = $"{folder.TrimEnd('/')}/frame-{i:D3}.{images[i].MimeType.Split('/')[^1]}";
                var held = await work.LockAsync(asset, ct).ConfigureAwait(false);
                await using (held.ConfigureAwait(false))
                {
                    var base64 = Convert.ToBase64String(images[i].DecodedData.Span);
                    assets.Add(StepWork.Pinned(await work.WriteAsync("put_asset", new { asset, base64, media_type = images[i].MimeType }, held, $"put:{i}", ct).ConfigureAwait(false)));
                }
            }
        }

        return StepReport.Of(new { assets }, new { bytes_read = body.Whole("bytes_read") });
    }
}
