using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Server;
using Pipeline.Index;
using Pipeline.Storage.State;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Events;
using Pipeline.Tools.Media.Analyze;
using Pipeline.Tools.Media.Probe;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Media;

[Tool(Toolset.Media, Changes = true, Writes = true)]
internal sealed partial class AnalyzeMedia(Call call, MediaDesk desk, Analyzer analyzer, Prober prober, WriteGuard guard, AssetWriter writer, ISearchIndex index, EventLog events)
{
    private const string Source = "analysis";
    private const string Field = "quality";

    /// <summary>Looks through a media asset for scenes, bad stretches and quality. Tags go to the index, numbers to metadata.quality.</summary>
    /// <param name="asset">workspace/path, optionally @version.</param>
    /// <param name="checks">All if left out.</param>
    /// <param name="progress">Bound by the server.</param>
    [McpServerTool(Name = "analyze_media", Title = "Analyze media", ReadOnly = false, Destructive = false, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<AnalyzedMedia> RunAsync(
        IProgress<ProgressNotificationValue> progress, string asset, IReadOnlyList<MediaCheck>? checks = null, CancellationToken cancellation = default)
    {
        var (row, media) = await desk.OpenAsync(asset, cancellation).ConfigureAwait(false);
        var name = new AssetName(row.Workspace, row.Path, null);
        await guard.CheckEarlyAsync(name, cancellation).ConfigureAwait(false);
        using var job = desk.Job();
        var facts = await prober.ProbeAsync(media, job, cancellation).ConfigureAwait(false);
        var analysis = await analyzer.AnalyzeAsync(media, checks ?? Analyzer.All, job, MediaDesk.Percent(progress), cancellation).ConfigureAwait(false);
        var metrics = QualityMetrics.Of(analysis, facts.DurationSeconds);
        var prepared = await index.PrepareAsync([.. analysis.Tags.Select(Entry)], cancellation).ConfigureAwait(false);
        return await call.CommitAsync(row.Workspace, row.Address, async tx =>
        {
            var target = await guard.CheckAsync(tx, name).ConfigureAwait(false);
            await index.ReplaceAsync(tx, new(row.Workspace, row.Path, row.Version, Source), prepared).ConfigureAwait(false);
            var kept = await KeepAsync(tx, name with { Version = row.Version }, target.Workspace, metrics).ConfigureAwait(false);
            await AssetsTable.SetFactsAsync(tx, row.Sha256, Wire.Write(facts)).ConfigureAwait(false);
            await desk.MeterAsync(tx, row, analysis.BytesRead, 0).ConfigureAwait(false);
            await events.AppendAsync(tx, row.Workspace, "asset.analyzed", name.Current, new { asset = name.Current, row.Version, metrics }).ConfigureAwait(false);
            return new AnalyzedMedia(row.Name, row.Version, facts.DurationSeconds, analysis.Tags, metrics, kept, analysis.BytesRead);
        }, cancellation).ConfigureAwait(false);
    }

    private async ValueTask<bool> KeepAsync(ITransaction tx, AssetName name, WorkspaceRow workspace, IReadOnlyDictionary<string, double> metrics)
    {
        var now = await AssetsTable.FindAsync(tx, name).ConfigureAwait(false);
        var metadata = JsonNode.Parse(now?.Metadata ?? "{}")!.AsObject();
        var quality = metadata[Field]?.DeepClone() as JsonObject ?? [];
        foreach (var (metric, value) in metrics)
        {
            quality[metric] = value;
        }

        metadata[Field] = quality;
        if (!MetadataCheck.Fits(workspace.Schema(), metadata))
        {
            return false;
        }

        await writer.SetMetadataAsync(tx, name, metadata).ConfigureAwait(false);
        return true;
    }

    private static IndexEntry Entry(MediaTag tag) => new()
    {
        Kind = EntryKind.FrameTag, Text = tag.Text, Label = tag.Kind, StartSeconds = tag.StartSeconds, EndSeconds = tag.EndSeconds, Score = tag.Score,
    };
}

/// <summary>What was found in a media asset.</summary>
/// <param name="Metrics">Shares and sharpness are 0 to 1; loudness_lufs is integrated loudness (EBU R 128).</param>
/// <param name="KeptInMetadata">False when the workspace's schema has no place for it.</param>
public sealed record AnalyzedMedia(
    string Asset, long Version, double? DurationSeconds, IReadOnlyList<MediaTag> Tags, IReadOnlyDictionary<string, double> Metrics, bool KeptInMetadata, long? BytesRead);
