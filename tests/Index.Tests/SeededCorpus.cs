namespace Pipeline.Index.Tests;

/// <summary>Films, sources, versions, cues and tags that are the same for the same seed.</summary>
public sealed class SeededCorpus(int seed)
{
    private static readonly string[] Words =
        ("a the she he opens closes door window red blue green old new car dog cat runs walks sleeps sings street house kitchen garden river bridge night morning "
        + "rain snow light shadow hand face smile tear voice music train station letter knife table chair mirror clock phone crowd child mother father stranger "
        + "captain harbour lighthouse lantern violin market bread wine fire smoke hill forest wolf bird horse wheel engine pilot cloud storm thunder on off not "
        + "and of in with under over behind slowly quickly suddenly softly loud quiet empty full broken golden silver wooden stone glass paper photo camera close wide")
        .Split(' ');

    private readonly Random _random = new(seed);

    public static readonly string[] Scopes = ["films", "series", "adverts"];

    /// <summary>What is written, in order: some sources are replaced, some come in several versions.</summary>
    public IEnumerable<(SourceKey Key, IndexEntry[] Entries)> Writes(int count)
    {
        for (var write = 0; write < count; write++)
        {
            var key = new SourceKey(Pick(Scopes), $"shots/{_random.Next(Math.Max(1, count / 5))}.mp4", _random.Next(1, 4), Pick(["user", "ingest"]));
            yield return (key, [.. Enumerable.Range(0, _random.Next(0, 60)).Select(Entry)]);
        }
    }

    public SearchQuery Query() => new(Pick(Scopes), Sentence(_random.Next(1, 7)))
    {
        Limit = _random.Next(1, 30),
        Kinds = _random.Next(3) == 0 ? [Pick([EntryKind.Transcript, EntryKind.FrameTag, EntryKind.Metadata])] : null,
        Subject = _random.Next(4) == 0 ? $"shots/{_random.Next(10)}.mp4" : null,
        Version = _random.Next(5) == 0 ? _random.Next(1, 4) : null,
        Conditions = _random.Next(6) switch
        {
            0 => [new("label", Comparison.Equal, FieldValue.Of(Pick(["scene", "shot"])))],
            1 => [new("score", Comparison.GreaterOrEqual, FieldValue.Of(0.5))],
            2 => [new("take", Comparison.Less, FieldValue.Of(5)), new("source", Comparison.Equal, FieldValue.Of("user"))],
            _ => [],
        },
    };

    public string Sentence(int words) => string.Join(' ', Enumerable.Range(0, words).Select(_ => Word()));

    private IndexEntry Entry(int place) => _random.Next(10) switch
    {
        0 => new() { Kind = EntryKind.Metadata, Text = Sentence(8), Fields = new Dictionary<string, FieldValue> { ["take"] = FieldValue.Of(_random.Next(10)) } },
        < 5 => new() { Kind = EntryKind.FrameTag, Text = Sentence(_random.Next(2, 9)), StartSeconds = place, EndSeconds = place + 1, Label = Pick(["scene", "shot", null]), Score = _random.NextDouble() },
        _ => new() { Kind = EntryKind.Transcript, Text = Sentence(_random.Next(3, 14)), StartSeconds = place * 4, EndSeconds = (place * 4) + 4 },
    };

    // Few words are common and many rare, as in speech.
    private string Word() => _random.Next(12) == 0 ? "name" + _random.Next(400) : Words[(int)(Words.Length * Math.Pow(_random.NextDouble(), 2))];

    private T Pick<T>(T[] from) => from[_random.Next(from.Length)];
}
