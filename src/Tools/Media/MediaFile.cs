using Pipeline.Storage.Objects;
using Pipeline.Tools.Media.Errors;
using Pipeline.Tools.Media.Mp4;
using Pipeline.Tools.Media.Sniff;

namespace Pipeline.Tools.Media;

/// <summary>
/// Media to work on: its bytes by range, what they really are, its parsed structure when it is MP4, and a local path for the programs
/// that need one.
/// </summary>
public sealed class MediaFile
{
    private readonly Func<CancellationToken, Task<LocalObject>> _local;

    private MediaFile(RangedSource source, MediaKind kind, Mp4Movie? movie, Func<CancellationToken, Task<LocalObject>> local) =>
        (Source, Kind, Movie, _local) = (source, kind, movie, local);

    public RangedSource Source { get; }

    public MediaKind Kind { get; }

    /// <summary>The structure of an MP4 that can be cut here; null for every other kind, and for MP4 with a sound sample for each tick.</summary>
    public Mp4Movie? Movie { get; }

    /// <summary>Opens an object of a store. A movie parsed before saves reading its header again.</summary>
    /// <exception cref="NotMediaError">The bytes are no media.</exception>
    /// <exception cref="MediaDamagedError">Cut short, or it contradicts itself.</exception>
    public static Task<MediaFile> OpenAsync(IObjectStore objects, string sha256, long size_bytes, CancellationToken cancellation, Mp4Movie? known = null) =>
        OpenAsync(RangedSource.Of(objects, sha256, size_bytes), later => objects.LocalAsync(sha256, later), known, cancellation);

    /// <summary>Opens a local file.</summary>
    public static Task<MediaFile> OpenAsync(string file, CancellationToken cancellation) =>
        OpenAsync(RangedSource.Of(file), _ => Task.FromResult(new LocalObject(file)), null, cancellation);

    /// <summary>A local path to the bytes, valid until disposed.</summary>
    public Task<LocalObject> LocalAsync(CancellationToken cancellation) => _local(cancellation);

    private static async Task<MediaFile> OpenAsync(RangedSource source, Func<CancellationToken, Task<LocalObject>> local, Mp4Movie? known, CancellationToken cancellation)
    {
        if (known is not null)
        {
            return new MediaFile(source, new MediaKind("mp4", "video/mp4", "mov"), known, local);
        }

        var kind = Sniffer.Sniff(await source.ReadAsync(0, (int)Math.Min(Sniffer.HeadBytes, source.Length), cancellation).ConfigureAwait(false));
        try
        {
            return new MediaFile(source, kind, kind.IsMp4 ? await Mp4Movie.LoadAsync(source, cancellation).ConfigureAwait(false) : null, local);
        }
        catch (LimitExceededError tooMany) when (tooMany.Limit == "samples")
        {
            return new MediaFile(source, kind, null, local); // Uncompressed sound: ffmpeg takes it.
        }
    }
}
