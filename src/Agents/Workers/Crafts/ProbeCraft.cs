namespace Pipeline.Agents.Workers.Crafts;

/// <summary><c>probe</c>: container, streams and duration.</summary>
public sealed class ProbeCraft : ICraft
{
    public IReadOnlyList<string> Capabilities { get; } = ["probe"];

    public async Task<StepReport> DoAsync(StepWork work, CancellationToken ct)
    {
        var probe = await work.ReadAsync("probe_media", new { asset = work.Need("asset") }, ct).ConfigureAwait(false);
        var streams = Streams.From(probe);
        return StepReport.Of(
            new { duration_seconds = streams.DurationSeconds, width = streams.Width, height = streams.Height, has_audio = streams.HasAudio, has_video = streams.HasVideo },
            new { duration_seconds = streams.DurationSeconds });
    }
}
