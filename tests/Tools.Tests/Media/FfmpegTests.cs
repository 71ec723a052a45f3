using Pipeline.Tools.Media.Errors;
using Pipeline.Tools.Media.Programs;

namespace Pipeline.Tools.Tests.Media;

[Collection("media")]
public sealed class FfmpegTests(Samples samples) : IDisposable
{
    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;

    private readonly Ffmpeg _ffmpeg = new(new FfmpegOptions(), TimeProvider.System);
    private readonly WorkFolder _job = WorkFolder.Create(samples.Folder, "job-" + Guid.NewGuid().ToString("N"));

    public void Dispose() => _job.Dispose();

    [Fact]
    public async Task A_call_reports_progress_and_measured_bytes()
    {
        var seen = new Fractions();
        var result = await _ffmpeg.RunAsync(_job, new FfmpegCall([new FfmpegInput(samples.Mp4, "mov")], ["-c:v", "libx264", "-preset", "ultrafast", "-f", "mp4", "out.mp4"]) { ExpectedSeconds = 8, Progress = seen }, Now);
        Assert.Equal(240, Samples.Frames(_job.File("out.mp4")).Count);
        Assert.True(result.BytesRead >= new FileInfo(samples.Mp4).Length);
        Assert.True(result.BytesWritten >= new FileInfo(_job.File("out.mp4")).Length);
        Assert.Equal(1, seen.All[^1], 1);
    }

    [Fact]
    public async Task A_failure_says_why_without_paths()
    {
        var broken = samples.File("broken.mp4", [.. File.ReadAllBytes(samples.MoovAtEnd).Take(20_000)]);
        var failed = await Assert.ThrowsAsync<FfmpegFailedError>(() => _ffmpeg.RunAsync(_job, new FfmpegCall([new FfmpegInput(broken, "mov")], ["-f", "null", "-"]), Now));
        Assert.Contains("moov atom not found", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(samples.Folder, failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_playlist_never_reaches_what_it_names()
    {
        var playlist = samples.File("list.mp4", System.Text.Encoding.ASCII.GetBytes($"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nfile:{samples.Mp4}\n#EXT-X-ENDLIST\n"));
        await Assert.ThrowsAsync<FfmpegFailedError>(() => _ffmpeg.RunAsync(_job, new FfmpegCall([new FfmpegInput(playlist, "mov")], ["-f", "null", "-"]), Now));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _ffmpeg.RunAsync(_job, new FfmpegCall([new FfmpegInput(playlist, "hls")], ["-f", "null", "-"]), Now));
    }

    [Fact]
    public async Task The_box_keeps_the_rest_of_the_machine_out_of_reach()
    {
        var box = await _ffmpeg.BoxAsync(_job, Now);
        Assert.SkipUnless(box.Kind == "bubblewrap", box.Description);
        var secret = samples.File("secret.mp4", await File.ReadAllBytesAsync(samples.Mp4, Now));
        // Not among the inputs, so it is not in the box; with it in the box the same arguments would work.
        await Assert.ThrowsAsync<FfmpegFailedError>(() => _ffmpeg.RunAsync(_job, new FfmpegCall([new FfmpegInput(samples.Mp4, "mov")], ["-f", "mov", "-i", secret, "-map", "1:v", "-c", "copy", "-f", "mp4", "out.mp4"]), Now));
        await Assert.ThrowsAsync<FfmpegFailedError>(() => _ffmpeg.RunAsync(_job, new FfmpegCall([new FfmpegInput(samples.Mp4, "mov")], ["-c", "copy", "-f", "mp4", Path.Combine(samples.Folder, "outside.mp4")]), Now));
        Assert.False(File.Exists(Path.Combine(samples.Folder, "outside.mp4")));
        Assert.True(File.Exists(secret));
    }

    [Fact]
    public async Task Cancelling_kills_the_whole_group()
    {
        using var stop = new CancellationTokenSource();
        var running = _ffmpeg.RunAsync(_job, new FfmpegCall([new FfmpegInput("testsrc2=s=640x360:r=30", "lavfi", "-re")], ["-f", "mp4", "out.mp4"]), stop.Token);
        while (Started().Length == 0 && !running.IsCompleted)
        {
            await Task.Delay(20, Now);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        while (Started().Length > 0)
        {
            await Task.Delay(20, Now); // A test that hangs here has leaked a process.
        }
    }

    [Fact]
    public async Task Time_and_size_are_bounded()
    {
        var endless = new FfmpegInput("testsrc2=s=640x360:r=30", "lavfi", "-re");
        var late = await Assert.ThrowsAsync<LimitExceededError>(() => _ffmpeg.RunAsync(_job, new FfmpegCall([endless], ["-f", "null", "-"]) { BudgetSeconds = 0.5 }, Now));
        Assert.Contains("budget_seconds", late.Message, StringComparison.Ordinal);
        var large = await Assert.ThrowsAsync<LimitExceededError>(() =>
            _ffmpeg.RunAsync(_job, new FfmpegCall([new FfmpegInput("testsrc2=s=640x360:r=30", "lavfi")], ["-c:v", "rawvideo", "-f", "nut", "out.nut"]) { MaxOutputBytes = 1 << 20 }, Now));
        Assert.Contains("output_bytes", large.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_program_says_what_to_install()
    {
        var missing = new Ffmpeg(new FfmpegOptions { Ffmpeg = "ffmpeg-is-not-here" }, TimeProvider.System);
        var error = await Assert.ThrowsAsync<FfmpegMissingError>(() => missing.RunAsync(_job, new FfmpegCall([], []), Now));
        Assert.Contains("apt-get install ffmpeg", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Filters_are_known_before_use()
    {
        Assert.True(await _ffmpeg.HasFilterAsync(_job, "scale", Now));
        Assert.False(await _ffmpeg.HasFilterAsync(_job, "no_such_filter", Now));
        await Assert.ThrowsAsync<NotSupportedByMediaError>(() => _ffmpeg.NeedFiltersAsync(_job, Now, "scale", "no_such_filter"));
    }

    // Processes whose command line names this job's folder or that run in it.
    private string[] Started() => [.. Directory.EnumerateDirectories("/proc").Where(process =>
    {
        try
        {
            return Path.GetFileName(process).All(char.IsDigit) && new FileInfo(Path.Combine(process, "cwd")).ResolveLinkTarget(false)?.FullName == _job.Path;
        }
        catch (IOException)
        {
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    })];

    private sealed class Fractions : IProgress<double>
    {
        public List<double> All { get; } = [];

        public void Report(double value) => All.Add(value);
    }
}
