using ModelContextProtocol.Server;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Media.Probe;

namespace Pipeline.Tools.Media;

[Tool(Toolset.Media)]
internal sealed partial class ProbeMedia(Call call, MediaDesk desk, Prober prober)
{
    /// <summary>Tells what a media asset holds: container, duration, streams, key frames.</summary>
    /// <param name="asset">workspace/path, optionally @version.</param>
    [McpServerTool(Name = "probe_media", Title = "Probe media", ReadOnly = true, Destructive = false, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<ProbedMedia> RunAsync(string asset, CancellationToken cancellation = default)
    {
        var (row, media) = await desk.OpenAsync(asset, cancellation).ConfigureAwait(false);
        using var job = desk.Job();
        var facts = await prober.ProbeAsync(media, job, cancellation).ConfigureAwait(false);
        if (row.Facts is null)
        {
            await call.Database.TransactAsync(row.Workspace, tx => Assets.AssetsTable.SetFactsAsync(tx, row.Sha256, Wire.Write(facts)), cancellation).ConfigureAwait(false);
        }

        return new(row.Name, row.Version, row.SizeBytes, facts.Container, facts.MediaType, facts.DurationSeconds, facts.Streams, facts.Keyframes);
    }
}

/// <summary>What a media asset holds.</summary>
public sealed record ProbedMedia(
    string Asset, long Version, long SizeBytes, string Container, string MediaType, double? DurationSeconds, IReadOnlyList<StreamFacts> Streams, KeyframeFacts? Keyframes);
