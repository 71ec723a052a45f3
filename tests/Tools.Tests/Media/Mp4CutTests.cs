using Pipeline.Tools.Media.Errors;
using Pipeline.Tools.Media.Mp4;

namespace Pipeline.Tools.Tests.Media;

[Collection("media")]
public sealed class Mp4CutTests(Samples samples)
{
    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;

    public static TheoryData<string, double, double> Cuts => new()
    {
        { nameof(Samples.Mp4), 0, 1 },
        { nameof(Samples.Mp4), 2, 4 },
        { nameof(Samples.Mp4), 3.3, 4.7 },
        { nameof(Samples.Mp4), 5.9, 6.1 },
        { nameof(Samples.Mp4), 7.5, 8 },
        { nameof(Samples.Mp4), 0, 8 },
        { nameof(Samples.Mp4), 1.01, 1.02 },
        { nameof(Samples.MoovAtEnd), 3.3, 4.7 },
        { nameof(Samples.Fragmented), 3.3, 4.7 },
        { nameof(Samples.VideoOnly), 3.3, 4.7 },
        { nameof(Samples.OpenGop), 0.5, 1 },
        { nameof(Samples.OpenGop), 5.9, 6.2 },
        { nameof(Samples.OpenGop), 6, 7 },
        { nameof(Samples.OpenGop), 6.1, 7 },
        { nameof(Samples.OpenGop264), 5.9, 6.2 },
        { nameof(Samples.OpenGop264), 6.1, 7 },
    };

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task A_cut_shows_exactly_the_frames_of_its_range(string sample, double start, double end)
    {
        var file = FileOf(sample);
        var (cut, result) = await CutAsync(file, start, end);

        var all = Samples.Frames(file).Select((frame, n) => (Seconds: n / 30.0, frame.Hash)).ToList();
        var wanted = all.Where(frame => frame.Seconds >= start - 0.0005 && frame.Seconds < end - 0.0005).Select(frame => frame.Hash).ToList();
        if (wanted.Count == 0)
        {
            wanted = [all.Last(frame => frame.Seconds <= start).Hash];
        }

        var shown = Samples.Frames(cut);
        Assert.Equal(wanted, shown.Select(frame => frame.Hash));
        Assert.Equal(0, shown[0].Time, 3);
        Assert.Equal(start, result.ShownSeconds, 0.034);
        Assert.True(result.StartSeconds <= result.ShownSeconds + 1e-9);
        Assert.Equal(Math.Floor(result.ShownSeconds / 2) * 2, result.StartSeconds, 3);
        Assert.Equal(new FileInfo(cut).Length, result.BytesWritten);
    }

    [Fact]
    public async Task Sound_stays_with_the_picture()
    {
        var (cut, _) = await CutAsync(samples.Mp4, 3.3, 4.7);
        var all = Samples.Packets(samples.Mp4, "a:0");
        var kept = Samples.Packets(cut, "a:0");
        Assert.InRange(kept.Count(packet => packet.Time >= 0), 59, 63); // 1.4 s of 1024-sample frames at 44.1 kHz.
        foreach (var packet in kept)
        {
            var source = Assert.Single(all, candidate => candidate.Hash == packet.Hash && Math.Abs(candidate.Time - 3.3 - packet.Time) < 0.001);
            Assert.True(source.Time < 4.7);
        }
    }

    [Fact]
    public async Task Sound_alone_can_be_cut()
    {
        var (cut, result) = await CutAsync(samples.AudioOnly, 2, 3.5);
        var seconds = double.Parse(Samples.Probe(cut, "-show_entries format=duration -of csv=p=0"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(1.5, seconds, 0.03);
        Assert.Equal(2, result.ShownSeconds, 6);
        Assert.True(Samples.Frames(cut, "a:0").Count >= 64);
    }

    [Fact]
    public async Task Rotation_survives()
    {
        var (cut, _) = await CutAsync(samples.Rotated, 2, 3);
        const string Rotation = "-show_entries stream_side_data=rotation -of csv=p=0";
        Assert.Contains("90", Samples.Probe(cut, Rotation), StringComparison.Ordinal);
        Assert.Equal(Samples.Probe(samples.Rotated, Rotation), Samples.Probe(cut, Rotation));
        Assert.NotEqual(0, (await Mp4Movie.LoadAsync(RangedSource.Of(cut), Now)).Video!.Rotation);
    }

    [Fact]
    public async Task The_encoders_mark_goes_with_a_444_picture()
    {
        var file = samples.Make("444.mp4", "-f lavfi -i testsrc2=s=320x180:r=30:d=4 -c:v libx264 -preset veryfast -g 30 -keyint_min 30 -pix_fmt yuv444p");
        var (cut, _) = await CutAsync(file, 2.5, 3);
        Assert.Equal(Samples.Frames(file).Skip(75).Take(15).Select(frame => frame.Hash), Samples.Frames(cut).Select(frame => frame.Hash));
        Assert.True((await File.ReadAllBytesAsync(cut, Now)).AsSpan().IndexOf("x264 - core"u8) > 0);
    }

    [Fact]
    public async Task Only_the_ranges_own_bytes_are_read()
    {
        var source = RangedSource.Of(samples.Mp4);
        var movie = await Mp4Movie.LoadAsync(source, Now);
        var needed = CutSelection.Range(movie, 2, 4).NeededBytes;
        var (bytes, reads) = (source.BytesRead, source.Reads);
        var result = await Mp4Cut.FastAsync(movie, source, 2, 4, Stream.Null, Now);
        Assert.Equal(source.BytesRead - bytes, result.BytesRead);
        Assert.InRange((double)result.BytesRead!.Value / needed, 1, 1.02);
        Assert.InRange(source.Reads - reads, 1, 3);
    }

    [Fact]
    public async Task The_movie_header_takes_one_read_or_two()
    {
        var first = RangedSource.Of(samples.Mp4);
        await Mp4Movie.LoadAsync(first, Now);
        Assert.Equal(1, first.Reads);
        var last = RangedSource.Of(samples.MoovAtEnd);
        await Mp4Movie.LoadAsync(last, Now);
        Assert.Equal(2, last.Reads);
    }

    [Theory]
    [InlineData(-1, 2)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(7, 8.5)]
    [InlineData(double.NaN, 2)]
    [InlineData(1, double.PositiveInfinity)]
    public async Task A_range_outside_is_refused(double start, double end)
    {
        var source = RangedSource.Of(samples.Mp4);
        var movie = await Mp4Movie.LoadAsync(source, Now);
        var refused = await Assert.ThrowsAsync<InvalidRangeError>(() => Mp4Cut.FastAsync(movie, source, start, end, Stream.Null, Now));
        Assert.Equal("invalid_range", refused.Code);
    }

    [Fact]
    public async Task A_seek_index_is_small_and_comes_back_the_same()
    {
        var index = SeekIndex.Of(await Mp4Movie.LoadAsync(RangedSource.Of(samples.Mp4), Now))!;
        Assert.Equal([0, 2, 4, 6], index.Keys.Select(key => Math.Round(key.TimeSeconds, 6)));
        Assert.Equal((240, 4, 2.0), (index.FrameCount, index.KeyCount, Math.Round(index.MaxGapSeconds, 2)));
        var bytes = SeekIndexFormat.Write(index);
        Assert.InRange(bytes.Length, 1, 200);
        var again = SeekIndexFormat.Read(bytes);
        Assert.Equal(index.Keys.Select(key => (key.Offset, key.SizeBytes)), again.Keys.Select(key => (key.Offset, key.SizeBytes)));
        Assert.All(index.Keys.Zip(again.Keys), pair => Assert.Equal(pair.First.TimeSeconds, pair.Second.TimeSeconds, 4));
    }

    private string FileOf(string sample) => (string)typeof(Samples).GetProperty(sample)!.GetValue(samples)!;

    private async Task<(string File, CutResult Result)> CutAsync(string file, double start, double end)
    {
        var cut = Path.Combine(samples.Folder, $"cut-{Guid.NewGuid():N}.mp4");
        var source = RangedSource.Of(file);
        var movie = await Mp4Movie.LoadAsync(source, Now);
        await using var output = File.Create(cut);
        return (cut, await Mp4Cut.FastAsync(movie, source, start, end, output, Now));
    }
}
