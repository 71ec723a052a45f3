using Pipeline.Index;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Search;

/// <summary>Prepares what a caller wants indexed, and tells which of it cannot be.</summary>
public sealed class EntrySource(ISearchIndex index)
{
    /// <summary>Cues and tags, ready to be written in a transaction.</summary>
    /// <exception cref="InvalidArgumentError">Naming the cue or the tag at fault.</exception>
    public async Task<PreparedEntries> PrepareAsync(IReadOnlyList<IndexEntry> cues, IReadOnlyList<IndexTag> tags, CancellationToken cancellation)
    {
        try
        {
            return await index.PrepareAsync([.. cues, .. tags.Select(Entry)], cancellation).ConfigureAwait(false);
        }
        catch (InvalidEntryException fault)
        {
            var place = fault.Position < cues.Count ? $"cue {fault.Position + 1}" : $"tags[{fault.Position - cues.Count}]";
            throw new InvalidArgumentError($"{place}: {fault.Reason}", new { argument = fault.Position < cues.Count ? "transcript" : place });
        }
    }

    private static IndexEntry Entry(IndexTag tag) => new()
    {
        Kind = EntryKind.FrameTag,
        Text = tag.Text,
        Label = tag.Label,
        StartSeconds = tag.StartSeconds,
        EndSeconds = tag.EndSeconds,
        Score = tag.Score,
    };
}
