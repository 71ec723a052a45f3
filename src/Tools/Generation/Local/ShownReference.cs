using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Media;
using Pipeline.Tools.Media.Programs;

namespace Pipeline.Tools.Generation.Local;

/// <summary>The first reference as an input of ffmpeg, its kind told by its bytes.</summary>
internal static class ShownReference
{
    /// <summary>Null when there is none.</summary>
    public static async Task<FfmpegInput?> OfAsync(ProviderCall call, CancellationToken cancellation) =>
        call.References is [var first, ..] ? new(first.File, (await MediaFile.OpenAsync(first.File, cancellation).ConfigureAwait(false)).Kind.Demuxer) : null;
}
