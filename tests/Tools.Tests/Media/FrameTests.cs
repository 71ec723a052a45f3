using Pipeline.Tools.Media.Cut;
using Pipeline.Tools.Media.Errors;
using Pipeline.Tools.Media.Frames;

namespace Pipeline.Tools.Tests.Media;

[Collection("media")]
public sealed class FrameTests(Samples samples) : IDisposable
{
    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;

    private readonly Bench _bench = new(samples);

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(nameof(Samples.Mp4))]
    [InlineData(nameof(Samples.OpenGop))]
    [InlineData(nameof(Samples.Mkv))]
    public async Task The_frame_on_screen_at_a_moment_is_taken(string sample)
    {
        var file = (string)typeof(Samples).GetProperty(sample)!.GetValue(samples)!;
        var media = await Bench.OpenAsync(file);
        var before = media.Source.BytesRead;
        var taken = await new FrameGrabber(_bench.Ffmpeg, _bench.Prober).GrabAsync(media, new FrameRequest([0, 5.9, 7.9667], Format: "png"), _bench.Job, Now);
        foreach (var (frame, number) in taken.Frames.Zip([0, 177, 239]))
        {
            Samples.Run("ffmpeg", $"-v error -nostdin -i {file} -vf select=eq(n\\,{number}),format=rgb24 -frames:v 1 -y {_bench.Job.File("wanted.png")}");
            Assert.Equal(Samples.Frames(_bench.Job.File("wanted.png"))[0].Hash, Samples.Frames(_bench.Job.File(frame.File))[0].Hash);
            Assert.Equal((320, 180), (frame.Width, frame.Height));
        }

        if (media.Movie is not null)
        {
            Assert.Equal(media.Source.BytesRead - before, taken.BytesRead);
        }
    }

    [Fact]
    public async Task A_region_gives_only_its_own_pixels_and_bytes()
    {
        var grabber = new FrameGrabber(_bench.Ffmpeg, _bench.Prober);
        var media = await Bench.OpenAsync(samples.Mp4);
        var whole = (await grabber.GrabAsync(media, new FrameRequest([1], Format: "png"), _bench.Job, Now)).Frames[0];
        File.Move(_bench.Job.File(whole.File), _bench.Job.File("whole.png"));
        var part = (await grabber.GrabAsync(media, new FrameRequest([1], new Region(31, 7, 128, 128), Format: "png"), _bench.Job, Now)).Frames[0];
        Assert.Equal((128, 128), (part.Width, part.Height));
        Assert.True(part.SizeBytes < whole.SizeBytes);
        var small = (await grabber.GrabAsync(media, new FrameRequest([1], MaxEdgePixels: 80, Format: "webp"), _bench.Job, Now)).Frames[0];
        Assert.Equal((80, 45, "image/webp"), (small.Width, small.Height, small.MediaType));
        Assert.Equal("80,45", Samples.Probe(_bench.Job.File(small.File), "-show_entries stream=width,height -of csv=p=0").Trim());
        await Assert.ThrowsAsync<InvalidRangeError>(() => grabber.GrabAsync(media, new FrameRequest([8.5]), _bench.Job, Now));
        await Assert.ThrowsAsync<InvalidMediaOptionError>(() => grabber.GrabAsync(media, new FrameRequest([1], Format: "../x"), _bench.Job, Now));
        Assert.Single((await grabber.GrabAsync(await Bench.OpenAsync(samples.Png), new FrameRequest([0]), _bench.Job, Now)).Frames);
    }

    [Fact]
    public async Task A_sheet_has_a_tile_for_each_time()
    {
        var sheet = new SheetArtist(_bench.Ffmpeg, _bench.Prober);
        var media = await Bench.OpenAsync(samples.Mp4);
        var keys = await sheet.DrawAsync([media], new SheetRequest(Columns: 2, EverySeconds: 2), _bench.Job, "keys.jpg", Now);
        Assert.Equal([0, 2, 4, 6], Assert.Single(keys.TimesSeconds).Select(time => Math.Round(time, 3)));
        Assert.Equal((2, 2), (keys.Columns, keys.Rows));
        Assert.Equal("652,372", Samples.Probe(_bench.Job.File("keys.jpg"), "-show_entries stream=width,height -of csv=p=0").Trim());
        Assert.InRange(keys.BytesRead!.Value, 1, new FileInfo(samples.Mp4).Length / 4);
        var dense = await sheet.DrawAsync([media, await Bench.OpenAsync(samples.Mkv)], new SheetRequest(EverySeconds: 1), _bench.Job, "dense.jpg", Now);
        Assert.Equal((16, 4, 4), (dense.TimesSeconds.Sum(times => times.Count), dense.Columns, dense.Rows));
        Assert.True(dense.TimesDrawn || Samples.Run("fc-list", "").Length == 0);
        await Assert.ThrowsAsync<LimitExceededError>(() => sheet.DrawAsync([media], new SheetRequest(EverySeconds: 0.05), _bench.Job, "many.jpg", Now));
    }
}
