using Pipeline.Tools.Media.Cut;
using Pipeline.Tools.Media.Errors;
using Pipeline.Tools.Media.Mp4;

namespace Pipeline.Tools.Tests.Media;

[Collection("media")]
public sealed class CutterTests(Samples samples) : IDisposable
{
    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;

    private readonly Bench _bench = new(samples);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task An_exact_cut_that_begins_on_a_key_frame_is_copied()
    {
        var result = await CutAsync(samples.VideoOnly, new CutRequest(2, 4, Exact: true));
        Assert.Equal(("remux", true), (result.Method, result.Exact));
        Assert.Equal(Samples.Frames(samples.VideoOnly).Skip(60).Take(60).Select(frame => frame.Hash), Samples.Frames(_bench.Job.File("out.mp4")).Select(frame => frame.Hash));
    }

    [Fact]
    public async Task An_exact_cut_elsewhere_is_encoded_from_its_own_bytes_only()
    {
        var media = await Bench.OpenAsync(samples.OpenGop);
        var before = media.Source.BytesRead;
        var result = await _bench.Cutter.CutAsync(media, new CutRequest(5.9, 6.4, Exact: true), _bench.Job, "out.mp4", null, Now);
        Assert.Equal(("reencode", true), (result.Method, result.Exact));
        Assert.Equal((5.9, 6.4), (Math.Round(result.StartSeconds, 3), Math.Round(result.EndSeconds, 3)));
        Assert.Equal(media.Source.BytesRead - before, result.BytesRead);
        Assert.InRange(result.BytesRead!.Value, 1, new FileInfo(samples.OpenGop).Length / 2);
        var frames = Samples.Frames(_bench.Job.File("out.mp4"));
        Assert.Equal(15, frames.Count);
        Assert.Equal(0, frames[0].Time);
        await SameAsync(samples.OpenGop, 177, _bench.Job.File("out.mp4"), 0);
    }

    [Fact]
    public async Task A_region_is_cut_to_the_pixel()
    {
        var result = await CutAsync(samples.Mp4, new CutRequest(3, 4, Region: new Region(33, 17, 128, 128)));
        Assert.Equal("reencode", result.Method);
        Assert.Contains("128,128", Samples.Probe(_bench.Job.File("out.mp4"), "-select_streams v:0 -show_entries stream=width,height -of csv=p=0"), StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidMediaOptionError>(() => CutAsync(samples.Mp4, new CutRequest(3, 4, Region: new Region(300, 0, 128, 128))));
    }

    [Theory]
    [InlineData(false, "ffmpeg_copy")]
    [InlineData(true, "ffmpeg_reencode")]
    public async Task Other_containers_go_through_ffmpeg(bool exact, string method)
    {
        var result = await CutAsync(samples.Mkv, new CutRequest(3, 4, exact));
        Assert.Equal(method, result.Method);
        Assert.True(result.BytesRead > 0);
        Assert.InRange(Samples.Frames(_bench.Job.File("out.mp4")).Count, 30, exact ? 30 : 91);
    }

    [Fact]
    public async Task Sound_files_can_be_cut()
    {
        var result = await CutAsync(samples.Wav, new CutRequest(0.5, 1));
        Assert.Equal("ffmpeg_copy", result.Method);
        Assert.Contains("0.5", Samples.Probe(_bench.Job.File("out.mp4"), "-show_entries format=duration -of csv=p=0"), StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidRangeError>(() => CutAsync(samples.Wav, new CutRequest(1, 3)));
        await Assert.ThrowsAsync<InvalidRangeError>(() => CutAsync(samples.Png, new CutRequest(0, 1)));
    }

    private async Task<CutResult> CutAsync(string file, CutRequest request) => await _bench.Cutter.CutAsync(await Bench.OpenAsync(file), request, _bench.Job, "out.mp4", null, Now);

    /// <summary>Two frames show the same picture although one was encoded again.</summary>
    private static Task SameAsync(string source, int frame, string other, int otherFrame)
    {
        var printed = Samples.Run("ffmpeg", $"-v error -nostdin -i {source} -i {other} -filter_complex [0:v]trim=start_frame={frame}:end_frame={frame + 1},setpts=0[a];[1:v]trim=start_frame={otherFrame}:end_frame={otherFrame + 1},setpts=0[b];[a][b]psnr=stats_file=- -f null -");
        var psnr = printed.Split(' ').First(word => word.StartsWith("psnr_avg:", StringComparison.Ordinal))[9..];
        Assert.True(psnr == "inf" || double.Parse(psnr, System.Globalization.CultureInfo.InvariantCulture) > 30, $"PSNR {psnr}");
        return Task.CompletedTask;
    }
}
