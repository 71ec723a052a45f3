using Pipeline.Index.Embeddings;
using Pipeline.Index.Text;

namespace Pipeline.Index;

/// <summary>Turns what callers give into rows: checked, cleaned, with windows, terms and vectors. Every back end shares it.</summary>
internal static class EntryPreparation
{
    private const int LongestText = 8_000;
    private const int LongestLabel = 200;

    public static async Task<PreparedEntries> PrepareAsync(IReadOnlyList<IndexEntry> entries, Embedder embedder, CancellationToken cancellation)
    {
        var clean = entries.Select(Clean).OrderBy(entry => entry.Kind).ThenBy(entry => entry.StartSeconds ?? -1).ToList();
        var spans = Windows(clean);
        clean.AddRange(spans.Select(span => span.Window));
        var vectors = await embedder.EmbedAsync([.. clean.Select(entry => entry.Text)], cancellation).ConfigureAwait(false);
        var plain = clean.Count - spans.Count;
        var rows = clean.Select((entry, place) => new PreparedRow(
            entry, Terms.OfText(entry.Text), vectors[place], place < plain ? null : spans[place - plain].First, place < plain ? null : spans[place - plain].Last));
        return new PreparedEntries(
            [.. rows],
            entries.CountBy(entry => entry.Kind).ToDictionary(),
            vectors.Count == 0 ? "" : embedder.Identity(vectors[0].Length));
    }

    private static IndexEntry Clean(IndexEntry entry, int position)
    {
        var text = PlainText.Of(entry.Text);
        var label = entry.Label is null ? null : PlainText.Of(entry.Label);
        var problem = (text.Length, label?.Length) switch
        {
            (0, _) => "its text has no visible characters; give words to find it by.",
            ( > LongestText, _) => $"its text has {text.Length} characters; give at most {LongestText}, as several entries with times of their own.",
            (_, 0) or (_, > LongestLabel) => $"its label must have 1 to {LongestLabel} visible characters.",
            _ => Times(entry),
        };
        return problem is null ? entry with { Text = text, Label = label } : throw new InvalidEntryException(position, problem);
    }

    private static string? Times(IndexEntry entry) => (entry.StartSeconds, entry.EndSeconds) switch
    {
        (null, null) => entry.Score is null || double.IsFinite(entry.Score.Value) ? null : "its score must be a finite number.",
        (null, _) or (_, null) => "it has one of start and end; give both, or neither for the whole subject.",
        ({ } start, { } end) when !double.IsFinite(start) || !double.IsFinite(end) => "its times must be finite numbers of seconds.",
        ( < 0, _) => $"it starts at {entry.StartSeconds} s; times count from the first frame, at 0.",
        ({ } start, { } end) when end < start => $"it ends at {end} s, before it starts at {start} s.",
        _ => entry.Score is null || double.IsFinite(entry.Score.Value) ? null : "its score must be a finite number.",
    };

    // The rows stand by kind and start, so a window's cues are consecutive.
    private static List<(int First, int Last, IndexEntry Window)> Windows(List<IndexEntry> entries)
    {
        var cues = Enumerable.Range(0, entries.Count).Where(place => entries[place] is { Kind: EntryKind.Transcript, StartSeconds: not null }).ToList();
        var windows = TranscriptWindows.Over([.. cues.Select(place => (entries[place].StartSeconds!.Value, entries[place].EndSeconds!.Value))]);
        return [.. windows.Select(window => (cues[window.First], cues[window.Last], new IndexEntry
        {
            Kind = EntryKind.Transcript,
            Text = string.Join(' ', cues[window.First..(window.Last + 1)].Select(place => entries[place].Text)),
            StartSeconds = entries[cues[window.First]].StartSeconds,
            EndSeconds = cues[window.First..(window.Last + 1)].Max(place => entries[place].EndSeconds),
        }))];
    }
}
