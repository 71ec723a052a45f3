using System.Text.Json;
using Pipeline.Agents.Connecting;
using Pipeline.Agents.ModelClients;

namespace Pipeline.Agents.Workers.Crafts;

/// <summary><c>transcribe</c>: speech to text by a configured service; without one the step is passed over. Text is never invented.</summary>
/// <param name="transcriber">Null when none is configured.</param>
public sealed class TranscribeCraft(Transcriber? transcriber) : ICraft
{
    /// <summary>Why a step is passed over when nothing here can hear.</summary>
    public const string NoTranscriber = "no_transcriber";

    private const int WindowBytes = 1 << 20;

    public IReadOnlyList<string> Capabilities { get; } = ["transcribe"];

    public async Task<StepReport> DoAsync(StepWork work, CancellationToken ct)
    {
        if (transcriber is null) return StepReport.Skip(NoTranscriber);
        var asset = work.Need("asset");
        using var media = await ReadAsync(work, asset, ct).ConfigureAwait(false);
        var heard = await transcriber.HearAsync(media, Path.GetFileName(StepWork.Unversioned(asset)), work.Inputs.Text("language"), ct).ConfigureAwait(false);
        var output = work.Inputs.Text("output") ?? StepWork.Unversioned(asset) + ".vtt";
        var held = await work.LockAsync(output, ct).ConfigureAwait(false);
        await using (held.ConfigureAwait(false))
        {
            var written = await work.WriteAsync("put_asset", new { asset = output, text = heard.WebVtt(), media_type = "text/vtt" }, held, "put", ct).ConfigureAwait(false);
            return StepReport.Of(new { transcript_asset = StepWork.Pinned(written), language = heard.Language }, new { cues = heard.Cues.Count });
        }
    }

    private static async Task<MemoryStream> ReadAsync(StepWork work, string asset, CancellationToken ct)
    {
        var media = new MemoryStream();
        while (true)
        {
            var window = await work.ReadAsync("read_asset", new { asset, offset = media.Length, length = WindowBytes }, ct).ConfigureAwait(false);
            var total = window.Whole("total_bytes") ?? 0;
            if (total > Transcriber.MaxBytes)
                throw new CraftFailed("too_large", $"{asset} has {total} bytes; the recogniser takes {Transcriber.MaxBytes}. Transcribe a proxy or its sound.");
            var bytes = window.Text("base64") is { } coded ? Convert.FromBase64String(coded) : JsonEncodedText(window.Text("text"));
            media.Write(bytes);
            if (bytes.Length == 0 || media.Length >= total) break;
        }

        media.Position = 0;
        return media;
    }

    private static byte[] JsonEncodedText(string? text) => text is null ? throw new JsonException("read_asset gave neither text nor base64.") : System.Text.Encoding.UTF8.GetBytes(text);
}
