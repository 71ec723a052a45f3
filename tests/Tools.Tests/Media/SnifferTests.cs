using System.Text;
using Pipeline.Tools.Media.Errors;
using Pipeline.Tools.Media.Programs;
using Pipeline.Tools.Media.Sniff;

namespace Pipeline.Tools.Tests.Media;

[Collection("media")]
public sealed class SnifferTests(Samples samples)
{
    [Fact]
    public void Each_container_is_known_by_its_bytes()
    {
        Expect(samples.Mp4, "mp4", "mov");
        Expect(samples.Fragmented, "mp4", "mov");
        Expect(samples.Mkv, "matroska", "matroska");
        Expect(samples.Wav, "wav", "wav");
        Expect(samples.Png, "png", "png_pipe");
        Expect(samples.AudioOnly, "mp4", "mov");
        foreach (var (name, container, demuxer) in new[]
        {
            ("c.avi", "avi", "avi"), ("c.ts", "mpegts", "mpegts"), ("c.webm", "webm", "matroska"), ("c.flv", "flv", "flv"), ("c.mpg", "mpeg", "mpeg"), ("c.gif", "gif", "gif"),
            ("c.jpg", "jpeg", "jpeg_pipe"), ("c.webp", "webp", "webp_pipe"), ("c.bmp", "bmp", "bmp_pipe"),
        })
        {
            var still = name.EndsWith("jpg", StringComparison.Ordinal) || name.EndsWith("webp", StringComparison.Ordinal) || name.EndsWith("bmp", StringComparison.Ordinal);
            Expect(samples.Make(name, $"-f lavfi -i testsrc2=s=64x64:r=25:d=1{(still ? " -frames:v 1" : "")}{(name == "c.webm" ? " -c:v libvpx" : "")}"), container, demuxer);
        }

        foreach (var (name, container) in new[] { ("s.ogg", "ogg"), ("s.flac", "flac"), ("s.mp3", "mp3"), ("s.aac", "aac"), ("s.aiff", "aiff") })
        {
            Expect(samples.Make(name, "-f lavfi -i sine=d=1 -ac 1"), container, container);
        }

        Assert.Equal("mp3", Sniffer.Sniff(Head(samples.Make("bare.mp3", "-f lavfi -i sine=d=1 -id3v2_version 0 -write_xing 0"))).Container);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nfile:///etc/passwd\n", "HLS")]
    [InlineData("\uFEFF#EXTM3U\n", "HLS")]
    [InlineData("ffconcat version 1.0\nfile /etc/passwd\n", "concatenation")]
    [InlineData("<?xml version=\"1.0\"?><MPD></MPD>", "DASH")]
    [InlineData("# VobSub index file, v7\n", "VobSub")]
    [InlineData("[playlist]\nFile1=/etc/passwd\n", "playlist")]
    [InlineData("WEBVTT\n\n00:00.000 --> 00:01.000\nHi\n", "WebVTT")]
    [InlineData("This is not a video at all.\n", "text")]
    [InlineData("\0\0", "cut short")]
    [InlineData("%PDF-1.7 \u0001", "PDF")]
    public void What_is_no_media_is_named(string content, string saw)
    {
        var refused = Assert.Throws<NotMediaError>(() => Sniffer.Sniff(Encoding.UTF8.GetBytes(content)));
        Assert.Equal("not_media", refused.Code);
        Assert.Contains(saw, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_sniffed_kind_leads_to_a_demuxer_that_opens_other_files() =>
        Assert.DoesNotContain(FfmpegInput.Demuxers, name => name is "hls" or "concat" or "dash" or "vobsub" or "image2" or "imf" or "sdp" or "webm_dash_manifest" or "matroska,webm" or "tty");

    private static void Expect(string file, string container, string demuxer)
    {
        var kind = Sniffer.Sniff(Head(file));
        Assert.Equal((container, demuxer), (kind.Container, kind.Demuxer));
        Assert.Contains(kind.Demuxer, FfmpegInput.Demuxers);
    }

    private static byte[] Head(string file) => [.. File.ReadAllBytes(file).Take(Sniffer.HeadBytes)];
}
