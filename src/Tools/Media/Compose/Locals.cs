using System.Globalization;
using Pipeline.Storage.Objects;
using Pipeline.Tools.Media.Programs;

namespace Pipeline.Tools.Media.Compose;

/// <summary>Local paths held for the time of one call.</summary>
internal sealed class Locals : IDisposable
{
    private readonly List<LocalObject> _held = [];

    public bool Any => _held.Count > 0;

    /// <summary>A stretch of media as an input that reads the object itself.</summary>
    public async Task<FfmpegInput> InputAsync(MediaFile media, double from_seconds, double to_seconds, CancellationToken cancellation)
    {
        var local = await media.LocalAsync(cancellation).ConfigureAwait(false);
        _held.Add(local);
        string[] range = from_seconds > 0
            ? ["-ss", from_seconds.ToString("0.######", CultureInfo.InvariantCulture), "-t", (to_seconds - from_seconds).ToString("0.######", CultureInfo.InvariantCulture)]
            : ["-t", to_seconds.ToString("0.######", CultureInfo.InvariantCulture)];
        return new FfmpegInput(local.Path, media.Kind.Demuxer, range);
    }

    public void Dispose() => _held.ForEach(local => local.Dispose());
}
