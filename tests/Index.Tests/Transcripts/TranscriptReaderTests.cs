using Pipeline.Index.Transcripts;

namespace Pipeline.Index.Tests.Transcripts;

public sealed class TranscriptReaderTests
{
    [Fact]
    public void WebVtt_with_all_its_trimmings()
    {
        var read = TranscriptReader.Read(
            "\uFEFFWEBVTT - title\r\nKind: captions\r\n\r\nNOTE a comment\r\nof two lines\r\n\r\nSTYLE\r\n::cue { color: red }\r\n\r\nintro\r\n"
            + "00:01.000 --> 00:02.500 align:start position:0%\r\n<v Ann Smith><b>Hello</b> &amp; <00:01.500>welcome,</v>\r\nx < y\r\n\r\n"
            + "01:00:03.000 --> 01:00:04.000\r\n\u202Ebye\u0007\r\n");

        Assert.Equal("webvtt", read.Format);
        Assert.Equal([new Cue(1, 2.5, "Hello & welcome, x < y", "Ann Smith"), new Cue(3603, 3604, "bye")], read.Cues);
        Assert.Empty(read.Warnings);
    }

    [Fact]
    public void Srt_as_it_is_found()
    {
        var read = TranscriptReader.Read(
            "1\n00:00:01,000 --> 00:00:02,500\n{\\an8}<i>One</i>\nline two\n\n\n2\n0:00:03.5 --> 0:00:04\nTwo\n3\n00:00:05,000 --> 00:00:06,000\nThree");

        Assert.Equal("srt", read.Format);
        Assert.Equal([new Cue(1, 2.5, "One line two"), new Cue(3.5, 4, "Two"), new Cue(5, 6, "Three")], read.Cues);
    }

    [Fact]
    public void Whisper_with_words_in_the_segments()
    {
        var read = TranscriptReader.Read("""
            {"text": "all", "language": "en", "segments": [
              {"id": 0, "start": 0.0, "end": 2.0, "text": " Hello there.", "speaker": "S1",
               "words": [{"word": " Hello", "start": 0.1, "end": 0.5}, {"word": " there.", "start": 0.6}]},
              {"start": 2, "end": 3, "text": "Bye"}], "duration": 3}
            """);

        Assert.Equal(("whisper", "Hello there.", "S1"), (read.Format, read.Cues[0].Text, read.Cues[0].Speaker));
        Assert.Equal([new TimedWord(0.1, 0.5, "Hello")], read.Cues[0].Words!);
        Assert.Null(read.Cues[1].Words);
    }

    [Fact]
    public void Whisper_with_words_at_the_top_before_or_after()
    {
        var read = TranscriptReader.Read("""
            {"segments": [{"start": 0, "end": 2, "text": "a b"}, {"start": 2, "end": 3, "text": "c"}],
             "words": [{"word": "c", "start": 2, "end": 3}, {"word": "a", "start": 0, "end": 1}, {"word": "b", "start": 1, "end": 2}]}
            """);

        Assert.Equal(["a", "b"], read.Cues[0].Words!.Select(word => word.Text));
        Assert.Equal(["c"], read.Cues[1].Words!.Select(word => word.Text));
    }

    [Fact]
    public void Whisper_cpp_and_bare_lists()
    {
        Assert.Equal(new Cue(0.5, 1.25, "hi"), TranscriptReader.Read("""{"transcription": [{"offsets": {"from": 500, "to": 1250}, "text": " hi"}]}""").Cues[0]);
        Assert.Equal(new Cue(1, 2, "hi"), TranscriptReader.Read("""[{"start": 1, "end": 2, "text": "hi"}]""").Cues[0]);
    }

    [Theory]
    [InlineData("WEBVTT\n\n00:01.000 --> 00:02.000\nfine\n\n00:0x.000 --> 00:04.000\nbroken", 6, "is no time")]
    [InlineData("WEBVTT\n\n00:05.000 --> 00:04.000\nreversed", 3, "before it starts")]
    [InlineData("1\n-00:00:01,000 --> 00:00:04,000\nnegative", 2, "negative")]
    [InlineData("1\n00:00:01,000 -> 00:00:04,000\nbroken arrow", 1, "no line of times")]
    [InlineData("1\n00:00:01,000 --> \nno end", 2, "is no time")]
    [InlineData("1\n00:99:01,000 --> 00:99:02,000\nminutes", 2, "is no time")]
    [InlineData("just some prose\nthat is no transcript", 1, "no line of times")]
    [InlineData("", 1, "no cue")]
    [InlineData("WEBVTT", 1, "no cue")]
    [InlineData("{\"segments\": [\n{\"start\": 0, \"end\": 1, \"text\": \"a\"},\n{\"start\": 3, \"end\": 2, \"text\": \"b\"}]}", 3, "before it starts")]
    [InlineData("{\"segments\": [\n{\"start\": 0, \"text\": \"a\"}]}", 2, "no number called end")]
    [InlineData("{\"segments\": [{\"start\": \"0\", \"end\": 1, \"text\": \"a\"}]}", 1, "no number called start")]
    [InlineData("{\"segments\": [{\"start\": -1, \"end\": 1, \"text\": \"a\"}]}", 1, "Times are finite")]
    [InlineData("{\"segments\": [\n{\"start\": 1e999, \"end\": 1, \"text\": \"a\"}]}", 2, "")]
    [InlineData("{\"segments\": [\n{\"start\": 0,", 2, "not whole JSON")]
    [InlineData("{\"segments\": [{\"start\": 0, \"end\": 1, \"text\": \"a\"}]} trailing", 1, "not whole JSON")]
    [InlineData("{\"text\": \"no segments\"}", 1, "no cue")]
    [InlineData("[1, 2]", 1, "no text")]
    public void What_is_broken_is_told_with_its_line(string text, int line, string message)
    {
        var broken = Assert.Throws<TranscriptException>(() => TranscriptReader.Read(text));
        Assert.Equal(line, broken.Line);
        Assert.Contains(message, broken.Message, StringComparison.Ordinal);
        Assert.NotEmpty(broken.Right);
    }

    [Fact]
    public void What_is_odd_is_understood_and_told()
    {
        var read = TranscriptReader.Read(
            "WEBVTT\n\n00:01.000 --> 00:03.000\none\n\n00:02.000 --> 00:04.000\ntwo\n\n00:00.500 --> 00:00.900\nearly\n\n00:06.000 --> 00:06.000\nnever\n\n00:07.000 --> 00:08.000\n<i></i>");

        Assert.Equal(["early", "one", "two"], read.Cues.Select(cue => cue.Text));
        Assert.Collection(read.Warnings,
            overlap => Assert.StartsWith("Line 6", overlap, StringComparison.Ordinal),
            order => Assert.StartsWith("Line 9", order, StringComparison.Ordinal),
            length => Assert.Contains("no length", length, StringComparison.Ordinal),
            words => Assert.Contains("no words", words, StringComparison.Ordinal));
    }

    [Fact]
    public void Warnings_and_size_are_bounded()
    {
        var cues = string.Concat(Enumerable.Range(0, 100).Select(place => $"00:{place % 60:00}.000 --> 01:59.000\ncue\n\n"));
        Assert.Equal(21, TranscriptReader.Read("WEBVTT\n\n" + cues).Warnings.Count);
        Assert.Throws<TranscriptException>(() => TranscriptReader.Read(new string('a', TranscriptReader.LongestText + 1)));
    }
}
