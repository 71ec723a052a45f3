using Pipeline.Index.Transcripts;

namespace Pipeline.Index.Tests.Transcripts;

public sealed class TranscriptEntriesTests
{
    [Fact]
    public void A_cue_is_an_entry_with_its_own_times()
    {
        var entry = Assert.Single(TranscriptEntries.Of(new Transcript("srt", [new Cue(1.5, 2.75, "hello", "Ann")], [])));
        Assert.Equal((EntryKind.Transcript, 1.5, 2.75, "hello", "Ann"), (entry.Kind, entry.StartSeconds, entry.EndSeconds, entry.Text, entry.Label));
    }

    [Fact]
    public void A_long_cue_is_split_at_its_words()
    {
        var words = Enumerable.Range(0, 40).Select(place => new TimedWord(place, place + 0.9, place == 5 ? "end." : $"w{place}")).ToList();

        var pieces = TranscriptEntries.Split(new Cue(0, 40, string.Join(' ', words.Select(word => word.Text)), "Ann", words));

        Assert.All(pieces, piece => Assert.InRange(piece.EndSeconds - piece.StartSeconds, 0.001, 8));
        Assert.EndsWith("end.", pieces[0].Text, StringComparison.Ordinal);
        Assert.Equal(words.Select(word => word.Text), pieces.SelectMany(piece => piece.Text.Split(' ')));
        Assert.Equal((6.0, "Ann"), (pieces[1].StartSeconds, pieces[1].Speaker));
    }

    [Fact]
    public void Without_word_times_a_long_cue_stays_whole() => Assert.Single(TranscriptEntries.Split(new Cue(0, 60, new string('a', 500))));

    [Fact]
    public void Windows_overlap_and_stop_at_silence()
    {
        var cues = Enumerable.Range(0, 30).Select(place => (place * 5.0, (place * 5.0) + 4)).Append((500, 504)).ToList();

        var windows = TranscriptWindows.Over(cues);

        Assert.All(windows, window => Assert.InRange(cues[window.Last].Item2 - cues[window.First].Item1, 4, 45));
        Assert.All(windows.Zip(windows.Skip(1)), pair => Assert.True(pair.Second.First <= pair.First.Last));
        Assert.Equal((0, 29), (windows[0].First, windows[^1].Last));
        Assert.Empty(TranscriptWindows.Over([(0, 4)]));
    }
}
