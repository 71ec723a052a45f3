using Pipeline.Tools.Media.Errors;
using Pipeline.Tools.Media.Mp4;
using Pipeline.Tools.Media.Probe;

namespace Pipeline.Tools.Tests.Media;

[Collection("media")]
public sealed class ProberTests(Samples samples) : IDisposable
{
    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;

    private readonly Bench _bench = new(samples);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Our_parser_and_ffprobe_see_the_same()
    {
        var mp4 = await ProbeAsync(samples.Mp4);
        var mkv = await ProbeAsync(samples.Mkv);
        foreach (var facts in new[] { mp4, mkv })
        {
            Assert.Equal(8, facts.DurationSeconds!.Value, 0.03);
            Assert.Equal(("h264", 320, 180, 30.0), (facts.Video()!.Codec, facts.Video()!.Width, facts.Video()!.Height, Math.Round(facts.Video()!.Fps!.Value, 2)));
            Assert.Equal(("aac", 44100, 1), (facts.Audio()!.Codec, facts.Audio()!.SampleRate, facts.Audio()!.Channels));
            Assert.Equal(4, facts.Keyframes!.Count);
            Assert.Equal(2, facts.Keyframes.MaxGapSeconds, 0.05);
        }

        Assert.Equal(("mp4", "matroska"), (mp4.Container, mkv.Container));
    }

    [Fact]
    public async Task Rotated_sound_only_and_still_media()
    {
        var rotated = await ProbeAsync(samples.Rotated);
        Assert.Equal((180, 320), (rotated.Video()!.Width, rotated.Video()!.Height));
        var sound = await ProbeAsync(samples.AudioOnly);
        Assert.Equal(("audio/mp4", (StreamFacts?)null, (KeyframeFacts?)null), (sound.MediaType, sound.Video(), sound.Keyframes));
        var still = await ProbeAsync(samples.Png);
        Assert.Equal((64, (double?)null), (still.Video()!.Width, still.DurationSeconds));
        Assert.Equal(2, (await ProbeAsync(samples.Wav)).DurationSeconds!.Value, 2);
    }

    [Fact]
    public async Task Damaged_files_say_what_is_wrong()
    {
        var whole = await File.ReadAllBytesAsync(samples.Mp4, Now);
        var end = await File.ReadAllBytesAsync(samples.MoovAtEnd, Now);
        await Assert.ThrowsAsync<MediaDamagedError>(() => ProbeAsync(samples.File("half.mp4", whole[..(whole.Length / 2)])));
        await Assert.ThrowsAsync<MediaDamagedError>(() => ProbeAsync(samples.File("half-end.mp4", end[..(end.Length / 2)])));
        await Assert.ThrowsAsync<MediaDamagedError>(() => ProbeAsync(samples.File("head.mp4", whole[..600])));
        await Assert.ThrowsAsync<NotMediaError>(() => ProbeAsync(samples.File("text.mp4", "hello, this is text"u8.ToArray())));
        await Assert.ThrowsAsync<NotMediaError>(() => ProbeAsync(samples.File("zero.mp4", [])));
        await Assert.ThrowsAsync<NotMediaError>(() => ProbeAsync(samples.File("list.mp4", "#EXTM3U\nfile:///etc/passwd\n"u8.ToArray())));
        var mkv = await File.ReadAllBytesAsync(samples.Mkv, Now);
        await Assert.ThrowsAnyAsync<MediaError>(() => ProbeAsync(samples.File("head.mkv", mkv[..60])));
    }

    [Fact]
    public async Task Random_damage_to_a_header_is_an_error_or_harmless_but_never_a_crash()
    {
        var whole = await File.ReadAllBytesAsync(samples.Mp4, Now);
        var moov = (int)(whole.AsSpan().IndexOf("mdat"u8) - 4);
        var random = new Random(7);
        for (var round = 0; round < 400; round++)
        {
            var bytes = (byte[])whole.Clone();
            for (var n = random.Next(1, 6); n > 0; n--)
            {
                bytes[random.Next(32, moov)] = (byte)random.Next(256);
            }

            try
            {
                var source = RangedSource.Of(samples.File("fuzz.mp4", bytes));
                var movie = await Mp4Movie.LoadAsync(source, Now);
                await Mp4Cut.FastAsync(movie, source, 0.5, 1.5, Stream.Null, Now);
            }
            catch (MediaError)
            {
                // Said so, which is what is wanted.
            }
        }
    }

    private async Task<MediaFacts> ProbeAsync(string file) => await _bench.Prober.ProbeAsync(await Bench.OpenAsync(file), _bench.Job, Now);
}
