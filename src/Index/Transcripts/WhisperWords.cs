using System.Text.Json;
using Pipeline.Index.Text;

namespace Pipeline.Index.Transcripts;

/// <summary>Words with times in Whisper's JSON. Words without usable times are passed over: the segment's own times still hold.</summary>
internal static class WhisperWords
{
    public static IReadOnlyList<TimedWord> Of(JsonElement list)
    {
        var words = new List<TimedWord>();
        foreach (var word in list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().ToList() : [])
        {
            if (word.ValueKind == JsonValueKind.Object && Text(word) is { Length: > 0 } text && Number(word, "start") is { } start && Number(word, "end") is { } end
                && start >= 0 && end >= start)
            {
                words.Add(new TimedWord(start, end, text));
            }
        }

        return words;
    }

    /// <summary>The cue with those of the words, sorted by their <paramref name="starts"/>, that begin within it.</summary>
    public static Cue Spread(Cue cue, IReadOnlyList<TimedWord> words, double[] starts)
    {
        var first = Array.BinarySearch(starts, cue.StartSeconds);
        first = first < 0 ? ~first : first;
        while (first > 0 && starts[first - 1] >= cue.StartSeconds)
        {
            first--;
        }

        var own = words.Skip(first).TakeWhile(word => word.StartSeconds < cue.EndSeconds).ToList();
        return own.Count > 0 ? cue with { Words = own } : cue;
    }

    private static string? Text(JsonElement word) =>
        (word.TryGetProperty("word", out var text) || word.TryGetProperty("text", out text)) && text.ValueKind == JsonValueKind.String ? PlainText.Of(text.GetString()!) : null;

    private static double? Number(JsonElement word, string name) =>
        word.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? Math.Round(number, 3) : null;
}
