using System.Text;
using System.Text.Json;

namespace Pipeline.Index.Transcripts;

/// <summary>
/// Reads the JSON that Whisper and its kin write: <c>segments</c> with seconds (OpenAI, whisperX, faster-whisper), <c>transcription</c> with
/// millisecond offsets (whisper.cpp), or a bare list of segments; words in the segments, or once for all at the top.
/// </summary>
internal static class WhisperReader
{
    private const string Right = "A segment is {\"start\": seconds, \"end\": seconds, \"text\": \"...\"}, in a list called segments.";

    public static IReadOnlyList<(int Line, Cue Cue)> Read(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text.TrimStart('\uFEFF'));
        var segments = new List<(int, Cue)>();
        IReadOnlyList<TimedWord> words = [];
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 32 });
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartArray)
            {
                ReadSegments(bytes, ref reader, segments);
            }

            while (reader.CurrentDepth + (reader.TokenType == JsonTokenType.StartObject ? 1 : 0) > 0 && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString();
                reader.Read();
                if (name is "segments" or "transcription" && reader.TokenType == JsonTokenType.StartArray)
                {
                    ReadSegments(bytes, ref reader, segments);
                    continue;
                }

                using var other = JsonDocument.ParseValue(ref reader);
                words = name == "words" ? WhisperWords.Of(other.RootElement) : words;
            }

            reader.Read();
        }
        catch (JsonException broken)
        {
            throw new TranscriptException((int)(broken.LineNumber ?? 0) + 1, "this is not whole JSON.", Right);
        }

        catch (InvalidOperationException)
        {
            throw new TranscriptException(1, "a text in the JSON has half a character.", "Write it as whole UTF-8 or as whole pairs of \\u escapes.");
        }

        words = [.. words.OrderBy(word => word.StartSeconds)];
        var starts = words.Select(word => word.StartSeconds).ToArray();
        return [.. segments.Select(segment => (segment.Item1, segment.Item2.Words is null ? WhisperWords.Spread(segment.Item2, words, starts) : segment.Item2))];
    }

    // Leaves the reader on the list's end.
    private static void ReadSegments(byte[] bytes, ref Utf8JsonReader reader, List<(int, Cue)> segments)
    {
        var (line, counted) = (1, 0);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            line += bytes.AsSpan(counted, start - counted).Count((byte)'\n');
            counted = start;
            using var segment = JsonDocument.ParseValue(ref reader);
            segments.Add((line, Segment(line, segment.RootElement)));
        }
    }

    private static Cue Segment(int line, JsonElement segment)
    {
        if (segment.ValueKind != JsonValueKind.Object || !segment.TryGetProperty("text", out var text) || text.ValueKind != JsonValueKind.String)
        {
            throw new TranscriptException(line, "a segment has no text.", Right);
        }

        var (start, end) = segment.TryGetProperty("offsets", out var offsets) && offsets.ValueKind == JsonValueKind.Object
            ? (Number(line, offsets, "from") / 1000, Number(line, offsets, "to") / 1000)
            : (Number(line, segment, "start"), Number(line, segment, "end"));
        var speaker = segment.TryGetProperty("speaker", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;
        var words = segment.TryGetProperty("words", out var timed) ? WhisperWords.Of(timed) : [];
        return new Cue(start, end, text.GetString()!, speaker, words.Count > 0 ? words : null);
    }

    private static double Number(int line, JsonElement segment, string name) =>
        segment.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number)
            ? Math.Round(number, 3)
            : throw new TranscriptException(line, $"a segment has no number called {name}.", Right);
}
