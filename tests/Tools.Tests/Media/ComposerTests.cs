using Pipeline.Tools.Media.Analyze;
using Pipeline.Tools.Media.Compose;
using Pipeline.Tools.Media.Errors;

namespace Pipeline.Tools.Tests.Media;

[Collection("media")]
public sealed class ComposerTests(Samples samples) : IDisposable
{
    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;

    private readonly Bench _bench = new(samples);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Clips_sound_and_captions_become_one_film_without_drift()
    {
        var (mp4, mkv, silent, tone) = (await Bench.OpenAsync(samples.Mp4), await Bench.OpenAsync(samples.Mkv), await Bench.OpenAsync(samples.VideoOnly), await Bench.OpenAsync(samples.Wav));
        var film = new Composition([new ClipPlacement(mp4, InSeconds: 3.3, OutSeconds: 4.3), new ClipPlacement(silent, InSeconds: 1, OutSeconds: 1.5), new ClipPlacement(mkv, StartSeconds: 2, InSeconds: 5, OutSeconds: 6)])
        {
            Audio = [new SoundPlacement(tone, StartSeconds: 0.5, GainDb: -10)],
            Captions = [new Caption(0, 1, "First <b>line</b> {\\an8}"), new Caption(1.2, 2.5, "Second")],
            BurnCaptions = true,
            Width = 256,
            Height = 144,
            LoudnessLufs = -18,
        };
        var result = await ComposeAsync(film);
        Assert.Equal(3, result.DurationSeconds, 0.03);
        Assert.InRange(result.DriftSeconds, 0, 0.03);
        Assert.Equal(-18, result.LoudnessLufs!.Value, 2.5);
        Assert.Equal(90, Samples.Frames(_bench.Job.File("film.mp4")).Count);
        Assert.Contains("mov_text", Samples.Probe(_bench.Job.File("film.mp4"), "-show_entries stream=codec_name -of csv=p=0"), StringComparison.Ordinal);
        var black = await new Analyzer(_bench.Ffmpeg, _bench.Prober).AnalyzeAsync(await Bench.OpenAsync(_bench.Job.File("film.mp4")), [MediaCheck.Black], _bench.Job, null, Now);
        Assert.InRange(black.Metrics["black_seconds"], 0, 0.6); // The gap from 1.5 to 2 s, unless the burnt caption lights it.
    }

    [Fact]
    public async Task Clips_that_overlap_are_refused()
    {
        var mp4 = await Bench.OpenAsync(samples.Mp4);
        await Assert.ThrowsAsync<InvalidMediaOptionError>(() => ComposeAsync(new Composition([new ClipPlacement(mp4), new ClipPlacement(mp4, StartSeconds: 2)])));
        await Assert.ThrowsAsync<InvalidRangeError>(() => ComposeAsync(new Composition([new ClipPlacement(mp4, InSeconds: 3, OutSeconds: 30)])));
        await Assert.ThrowsAsync<InvalidMediaOptionError>(() => ComposeAsync(new Composition([])));
    }

    private async Task<ComposeResult> ComposeAsync(Composition film) =>
        await new Composer(_bench.Ffmpeg, _bench.Prober, _bench.Cutter, new Analyzer(_bench.Ffmpeg, _bench.Prober)).ComposeAsync(film, _bench.Job, "film.mp4", null, Now);
}
