using Pipeline.Tools.Media.Analyze;

namespace Pipeline.Tools.Tests.Media;

[Collection("media")]
public sealed class AnalyzerTests(Samples samples) : IDisposable
{
    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;

    private readonly Bench _bench = new(samples);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Scenes_black_freeze_and_silence_are_found_where_they_are()
    {
        // Two seconds of moving pattern and tone, two of black and silence, two of another picture standing still.
        var file = samples.Make("flaws.mp4", "-f lavfi -i testsrc2=s=320x180:r=30:d=2 -f lavfi -i color=black:s=320x180:r=30:d=2 -f lavfi -i smptebars=s=320x180:r=30:d=2 -f lavfi -i sine=f=440:d=6 "
            + "-filter_complex [0:v][1:v][2:v]concat=n=3,format=yuv420p[v];[3:a]volume=0:enable=between(t\\,2\\,4)[a] -map [v] -map [a] -c:v libx264 -preset veryfast -c:a aac");
        var seen = await AnalyzeAsync(file, Analyzer.All);
        Near("black", 2, 4);
        Near("silence", 2, 4);
        Near("freeze", 2, 4);
        Near("freeze", 4, 6);
        Assert.Contains(seen.Tags, tag => tag.Kind == "scene" && Math.Abs(tag.StartSeconds - 4) < 0.1);
        Assert.Equal(2, seen.Metrics["black_seconds"], 0.2);
        Assert.Equal(2, seen.Metrics["silent_seconds"], 0.2);
        Assert.InRange(seen.Metrics["loudness_lufs"], -30, -10);
        Assert.InRange(seen.Metrics["true_peak_dbfs"], -25, 0);
        Assert.InRange(seen.Metrics["noise"], 0, 1);
        Assert.True(seen.BytesRead >= new FileInfo(file).Length / 2);

        void Near(string kind, double start, double end) =>
            Assert.Contains(seen.Tags, tag => tag.Kind == kind && Math.Abs(tag.StartSeconds - start) < 0.15 && Math.Abs(tag.EndSeconds - end) < 0.15);
    }

    [Fact]
    public async Task A_blurred_picture_is_less_sharp()
    {
        var blurred = samples.Make("blurred.mp4", $"-i {samples.VideoOnly} -vf gblur=sigma=3 -c:v libx264 -preset veryfast");
        var sharp = await AnalyzeAsync(samples.VideoOnly, [MediaCheck.Sharpness, MediaCheck.Blur]);
        var soft = await AnalyzeAsync(blurred, [MediaCheck.Sharpness, MediaCheck.Blur]);
        Assert.True(soft.Metrics["sharpness"] < sharp.Metrics["sharpness"] * 0.8, $"{soft.Metrics["sharpness"]} {sharp.Metrics["sharpness"]}");
        Assert.True(soft.Metrics["blur"] > sharp.Metrics["blur"], $"{soft.Metrics["blur"]} {sharp.Metrics["blur"]}");
    }

    [Fact]
    public async Task What_is_not_there_is_not_looked_at()
    {
        Assert.Equal(["scene_count"], (await AnalyzeAsync(samples.VideoOnly, [MediaCheck.Scenes, MediaCheck.Loudness])).Metrics.Keys);
        Assert.DoesNotContain("blur", (await AnalyzeAsync(samples.AudioOnly, Analyzer.All)).Metrics.Keys);
    }

    [Fact]
    public async Task What_moves_has_motion_and_what_stands_still_has_none()
    {
        var still = samples.Make("still.mp4", "-f lavfi -i smptebars=s=320x180:r=30:d=2 -c:v libx264 -preset veryfast");
        var moving = await AnalyzeAsync(samples.VideoOnly, [MediaCheck.Motion]);
        var standing = await AnalyzeAsync(still, [MediaCheck.Motion]);
        Assert.InRange(moving.Metrics["motion"], 0.001, 1);
        Assert.InRange(standing.Metrics["motion"], 0, 0.0005);
        Assert.DoesNotContain("drift_seconds", moving.Metrics.Keys);
    }

    [Theory]
    [InlineData(2.0, 0, 0.04)]
    [InlineData(1.5, 0.45, 0.55)]
    public async Task Drift_is_measured_on_what_was_decoded(double sound_seconds, double least, double most)
    {
        var file = samples.Make($"drift-{sound_seconds * 10:0}.mp4", FormattableString.Invariant($"-f lavfi -i testsrc2=s=320x180:r=25:d=2 -f lavfi -i sine=f=440:sample_rate=48000:d={sound_seconds} -c:v libx264 -preset veryfast -c:a aac"));
        Assert.InRange((await AnalyzeAsync(file, [MediaCheck.Sync, MediaCheck.Loudness])).Metrics["drift_seconds"], least, most);
    }

    private async Task<Analysis> AnalyzeAsync(string file, IReadOnlyCollection<MediaCheck> checks) =>
        await new Analyzer(_bench.Ffmpeg, _bench.Prober).AnalyzeAsync(await Bench.OpenAsync(file), checks, _bench.Job, null, Now);
}
