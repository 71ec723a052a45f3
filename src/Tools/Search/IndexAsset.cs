using ModelContextProtocol.Server;
using Pipeline.Index;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Events;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Search;

[Tool(Toolset.Index, Changes = true, Writes = true)]
internal sealed partial class IndexAsset(Call call, WriteGuard guard, AssetReader reader, TranscriptSource transcripts, EntrySource entries, ISearchIndex index, EventLog events)
{
    private const int MaxTags = 10_000;
    private const int MaxSourceLength = 64;

    /// <summary>Makes an asset findable: its transcript (WebVTT, SRT or Whisper JSON) and tags with times. Replaces only what the same source wrote before.</summary>
    /// <param name="asset">workspace/path, optionally @version.</param>
    /// <param name="transcript">The transcript as text.</param>
    /// <param name="transcript_asset">Or the asset that holds it.</param>
    /// <param name="tags">[{start_seconds, end_seconds, text, label?, score?}]: what spans of frames show.</param>
    /// <param name="source">Whose entries these are.</param>
    [McpServerTool(Name = "index_asset", Title = "Index asset", ReadOnly = false, Destructive = true, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<IndexedAsset> RunAsync(
        string asset, string? transcript = null, string? transcript_asset = null, IReadOnlyList<IndexTag>? tags = null, string source = "user",
        CancellationToken cancellation = default)
    {
        if (transcript is null && transcript_asset is null && tags is null)
        {
            throw new InvalidArgumentError("transcript", "Give a transcript, a transcript_asset or tags. An empty list of tags removes what the source wrote.");
        }

        if (source.Length is 0 or > MaxSourceLength || tags?.Count > MaxTags)
        {
            throw new InvalidArgumentError(source.Length is 0 or > MaxSourceLength ? "source" : "tags", $"source is 1 to {MaxSourceLength} characters, tags at most {MaxTags}.");
        }

        var name = AssetName.Parse(asset);
        await guard.CheckEarlyAsync(name with { Version = null }, cancellation).ConfigureAwait(false);
        var row = await reader.FindAsync(asset, cancellation).ConfigureAwait(false);
        var (cues, warnings) = await transcripts.ReadAsync(transcript, transcript_asset, cancellation).ConfigureAwait(false);
        var prepared = await entries.PrepareAsync(cues, tags ?? [], cancellation).ConfigureAwait(false);
        return await call.CommitAsync(row.Workspace, row.Address, async tx =>
        {
            await guard.CheckAsync(tx, name with { Version = null }).ConfigureAwait(false);
            await index.ReplaceAsync(tx, new(row.Workspace, row.Path, row.Version, source), prepared).ConfigureAwait(false);
            var counts = prepared.Counts.ToDictionary(pair => pair.Key.Name(), pair => pair.Value);
            await events.AppendAsync(tx, row.Workspace, "asset.indexed", name.Current, new { asset = name.Current, row.Version, source, entries = counts }).ConfigureAwait(false);
            return new IndexedAsset(name.Current, row.Version, source, counts, prepared.Counts.Values.Sum(), warnings.Count > 0 ? warnings : null);
        }, cancellation).ConfigureAwait(false);
    }
}

/// <summary>What a source now says about an asset.</summary>
/// <param name="Entries">Entry counts by kind.</param>
/// <param name="Warnings">What was odd about the transcript.</param>
public sealed record IndexedAsset(string Asset, long Version, string Source, IReadOnlyDictionary<string, int> Entries, int Total, IReadOnlyList<string>? Warnings);
