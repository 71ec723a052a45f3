using ModelContextProtocol;
using ModelContextProtocol.Server;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Media.Compose;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Media;

[Tool(Toolset.Media, Changes = true, Writes = true)]
internal sealed partial class ComposeMedia(Call call, MediaDesk desk, Composer composer, WriteGuard guard, AssetWriter writer)
{
    private const string File = "film.mp4";

    /// <summary>Puts clips, sounds and captions onto one timeline as one MP4 and measures the drift between picture and sound.</summary>
    /// <param name="tracks">{video: [{asset, at_seconds?, start_seconds?, end_seconds?, mute?}], audio?: [{asset, at_seconds?, start_seconds?, end_seconds?, gain_db?}], captions?: [{start_seconds, end_seconds, text}]}.</param>
    /// <param name="output">workspace/path to write.</param>
    /// <param name="loudness_lufs">Level the sound to this, -40 to -8.</param>
    /// <param name="burn_captions">Draw captions into the picture too.</param>
    /// <param name="width">Pixels; the first clip's if left out.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="fps">The first clip's if left out.</param>
    /// <param name="progress">Bound by the server.</param>
    [McpServerTool(Name = "compose_media", Title = "Compose media", ReadOnly = false, Destructive = true, Idempotent = false, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<ComposedMedia> RunAsync(
        IProgress<ProgressNotificationValue> progress, ComposeTracks tracks, string output, double? loudness_lufs = null, bool burn_captions = false,
        int? width = null, int? height = null, double? fps = null, CancellationToken cancellation = default)
    {
        var target = AssetName.ParseTarget(output, "output");
        await guard.CheckEarlyAsync(target, cancellation).ConfigureAwait(false);
        var sources = await OpenAsync(tracks, cancellation).ConfigureAwait(false);
        var film = new Composition([.. tracks.Video.Select(clip => new ClipPlacement(sources[clip.Asset].Media, clip.AtSeconds, clip.StartSeconds, clip.EndSeconds, clip.Mute))])
        {
            Audio = [.. (tracks.Audio ?? []).Select(sound => new SoundPlacement(sources[sound.Asset].Media, sound.AtSeconds, sound.GainDb, sound.StartSeconds, sound.EndSeconds))],
            Captions = tracks.Captions ?? [],
            BurnCaptions = burn_captions,
            Width = width,
            Height = height,
            Fps = fps,
            LoudnessLufs = loudness_lufs,
        };
        using var job = desk.Job();
        var result = await composer.ComposeAsync(film, job, File, MediaDesk.Percent(progress), cancellation).ConfigureAwait(false);
        var stored = await desk.StoreAsync(job, File, cancellation).ConfigureAwait(false);
        var used = sources.Values.Select(source => source.Asset.Address).Distinct().ToList();
        var next = new NewVersion(target, stored, "video/mp4", new Lineage { Tool = call.Tool, Sources = used, Parameters = tracks });
        AssetRow? made = null;
        var answer = await call.CommitAsync(target.Workspace, target.Current, async tx =>
        {
            made = await writer.WriteAsync(tx, next).ConfigureAwait(false);
            return new ComposedMedia(
                made.Name, made.Version, result.DurationSeconds, result.DriftSeconds, result.Width, result.Height, result.Fps, result.LoudnessLufs, used,
                result.BytesRead, stored.SizeBytes);
        }, cancellation, done => new { done.Sources, done.DurationSeconds }).ConfigureAwait(false);
        if (made is not null)
        {
            call.Attach(AssetLink.To(made));
        }

        return answer;
    }

    private async Task<Dictionary<string, (AssetRow Asset, MediaFile Media)>> OpenAsync(ComposeTracks tracks, CancellationToken cancellation)
    {
        var sources = new Dictionary<string, (AssetRow, MediaFile)>(StringComparer.Ordinal);
        foreach (var asset in tracks.Video.Select(clip => clip.Asset).Concat((tracks.Audio ?? []).Select(sound => sound.Asset)))
        {
            if (!sources.ContainsKey(asset))
            {
                sources[asset] = await desk.OpenAsync(asset, cancellation).ConfigureAwait(false);
            }
        }

        return sources;
    }
}

/// <summary>The finished film.</summary>
/// <param name="DriftSeconds">Measured difference between the ends of picture and sound.</param>
/// <param name="LoudnessLufs">Integrated loudness (EBU R 128).</param>
public sealed record ComposedMedia(
    string Asset, long Version, double DurationSeconds, double DriftSeconds, int Width, int Height, double Fps, double? LoudnessLufs, IReadOnlyList<string> Sources,
    long? BytesRead, long BytesWritten);
