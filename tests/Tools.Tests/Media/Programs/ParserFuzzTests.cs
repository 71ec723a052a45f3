using System.Text;
using Pipeline.Index.Transcripts;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Media;
using Pipeline.Tools.Media.Mp4;
using Pipeline.Tools.Media.Programs;
using Pipeline.Tools.Media.Sniff;

namespace Pipeline.Tools.Tests.Media.Programs;

/// <summary>
/// What is parsed in this process, fed with thousands of damaged files: each gives an answer or a refusal of its own kind, in bounded memory.
/// A test that hangs here has found a loop. <c>PIPELINE_HOSTILE_SEEDS</c> times as many in the long form.
/// </summary>
[Collection("media")]
public sealed class ParserFuzzTests(Samples samples)
{
    private const int Each = 1000;

    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Damaged_movies_are_read_or_refused()
    {
        var refused = 0;
        foreach (var file in Mutations.Good(samples).Where(file => file.Contains("seed.m", StringComparison.Ordinal) || file.Contains("seed-f", StringComparison.Ordinal)).Where(file => Sniffer.Sniff(File.ReadAllBytes(file)).IsMp4))
        {
            var good = await File.ReadAllBytesAsync(file, Now);
            for (var seed = 0; seed < Each * Mutations.Seeds; seed++)
            {
                refused += await ReadAsync(Mutations.Of(good, seed), $"{Path.GetFileName(file)} {seed}") ? 0 : 1;
            }
        }

        Assert.InRange(refused, Each / 4, 3 * Each * Mutations.Seeds);
    }

    [Fact]
    public void Any_bytes_have_a_kind_or_none()
    {
        foreach (var file in Mutations.Good(samples))
        {
            var head = File.ReadAllBytes(file).Take(Sniffer.HeadBytes).ToArray();
            for (var seed = 0; seed < Each / 4 * Mutations.Seeds; seed++)
            {
                Refusable(() => Assert.Contains(Sniffer.Sniff(Mutations.Of(head, seed)).Demuxer, FfmpegInput.Demuxers), $"{file} {seed}");
            }

            for (var length = 0; length < 64 && length < head.Length; length++)
            {
                Refusable(() => Sniffer.Sniff(head.AsSpan(0, length)), $"{file} of {length}");
            }
        }
    }

    [Theory]
    [InlineData("WEBVTT\n\nNOTE x --> y\n\n1\n00:00.000 --> 00:01.000\n<v Ann>Hello <b>there</b> &amp; you\n\nSTYLE\n::cue { }\n\n00:02.000 --> 00:03.500 align:start\nAnd {\\an8}more\n")]
    [InlineData("1\n00:00:00,000 --> 00:00:01,000\nHello\n\n2\n00:00:01,000 --> 00:00:02,000\nAnd <i>more</i>\n")]
    [InlineData("{\"segments\":[{\"start\":0,\"end\":1.5,\"text\":\" Hello\",\"words\":[{\"word\":\"Hello\",\"start\":0,\"end\":0.5}]},{\"start\":2,\"end\":30,\"text\":\"x\\u00e9\"}],\"words\":[{\"word\":\"a\",\"start\":0,\"end\":1}]}")]
    [InlineData("{\"transcription\":[{\"offsets\":{\"from\":0,\"to\":1500},\"text\":\" Hello\"}]}")]
    [InlineData("[{\"start\":0,\"end\":1,\"text\":\"\\ud83d\\ude00\"}]")]
    public void Damaged_transcripts_are_read_or_refused(string good)
    {
        var bytes = Encoding.UTF8.GetBytes(good);
        string[] odd = ["-->", "NOTE ", "WEBVTT", "\n\n", "{", "[", "\"", "\\ud800", "1e999", "-1", "99999999999", "<v", "&#x110000;", "\0", "\u202e", "STYLE"];
        for (var seed = 0; seed < 3 * Each * Mutations.Seeds; seed++)
        {
            var chance = new Random(seed);
            var text = Encoding.UTF8.GetString(chance.Next(2) == 0 ? Mutations.Of(bytes, seed) : bytes);
            for (var times = chance.Next(4); times > 0 && text.Length > 0; times--)
            {
                text = text.Insert(chance.Next(text.Length), odd[chance.Next(odd.Length)]);
            }

            try
            {
                Assert.All(TranscriptEntries.Of(TranscriptReader.Read(text)), entry => Assert.True(entry.StartSeconds >= 0 && entry.EndSeconds > entry.StartSeconds));
            }
            catch (TranscriptException)
            {
                // An honest refusal.
            }
            catch (Exception other) when (other is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}: {other}\n{text}");
            }
        }
    }

    [Fact]
    public void Large_and_deep_transcripts_are_read_or_refused()
    {
        string[] large =
        [
            "WEBVTT\n\n" + string.Concat(Enumerable.Repeat("NOTE a --> b\n", 100_000)), string.Concat(Enumerable.Repeat("00:00.000 --> 00:00.000\n", 100_000)), new string('[', 1_000_000),
            "{\"segments\":" + new string('[', 1_000_000), "{\"a\":" + string.Concat(Enumerable.Repeat("{\"a\":", 500_000)), "WEBVTT\n\n00:00.000 --> 00:01.000\n" + new string('<', 2_000_000),
            "WEBVTT\n\n00:00.000 --> 00:01.000\n" + string.Concat(Enumerable.Repeat("{\\", 1_000_000)), "1\n" + new string(':', 1_000_000) + " --> 1", new string('\n', 8_000_000), "{\"\\ud800\":1}", "[{\"start\":0,\"end\":1,\"text\":\"\\ud800\"}]",
        ];
        foreach (var text in large)
        {
            try
            {
                TranscriptEntries.Of(TranscriptReader.Read(text));
            }
            catch (TranscriptException)
            {
                // An honest refusal.
            }
        }
    }

    [Fact]
    public async Task No_line_of_a_program_is_held_whole()
    {
        using var endless = new MemoryStream(Encoding.UTF8.GetBytes(new string('x', 5_000_000) + "\nshort\r\n\u202e\xFF last"));
        var lines = new List<string>();
        await BoundedLines.ReadAsync(endless, lines.Add, Now);
        Assert.Equal(BoundedLines.MaxChars, lines[0].Length);
        Assert.Equal("short", lines[1]);
        Assert.EndsWith(" last", lines[2], StringComparison.Ordinal);
    }

    private async Task<bool> ReadAsync(byte[] content, string name)
    {
        var file = samples.File("fuzz.bin", content);
        try
        {
            var media = await MediaFile.OpenAsync(file, Now);
            if (media.Movie is { } movie)
            {
                _ = SeekIndex.Of(movie) is { } index ? SeekIndexFormat.Read(SeekIndexFormat.Write(index)) : null;
                var length = movie.DurationSeconds;
                await Mp4Cut.FastAsync(movie, media.Source, length / 3, length * 2 / 3, Stream.Null, Now);
            }

            return true;
        }
        catch (ToolError)
        {
            return false;
        }
        catch (Exception other)
        {
            Assert.Fail($"{name}: {other}");
            return false;
        }
    }

    private static void Refusable(Action act, string name)
    {
        try
        {
            act();
        }
        catch (ToolError)
        {
            // An honest refusal.
        }
        catch (Exception other) when (other is not Xunit.Sdk.XunitException)
        {
            Assert.Fail($"{name}: {other}");
        }
    }
}
