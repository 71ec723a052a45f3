namespace Pipeline.Tools.Media.Programs;

/// <summary>
/// One input: an absolute path with the demuxer that its own bytes asked for, or a generator graph made of numbers
/// (<paramref name="Demuxer"/> <c>lavfi</c>). Options are ours, never a caller's.
/// </summary>
public sealed record FfmpegInput(string Source, string Demuxer, params IReadOnlyList<string> Options)
{
    /// <summary>Every demuxer that may be forced. None of them opens a second file that its input names.</summary>
    public static IReadOnlySet<string> Demuxers { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "mov", "matroska", "avi", "mpegts", "mpeg", "flv", "ogg", "flac", "wav", "mp3", "aac", "amr", "aiff",
        "jpeg_pipe", "png_pipe", "webp_pipe", "bmp_pipe", "tiff_pipe", "gif", "lavfi", "srt",
    };

    internal bool IsFile => Demuxer != "lavfi";

    internal IEnumerable<string> Arguments(FfmpegOptions limits)
    {
        if (!Demuxers.Contains(Demuxer))
        {
            throw new InvalidOperationException($"The demuxer {Demuxer} is not allowed.");
        }

        if (IsFile)
        {
            foreach (var argument in Guards(limits))
            {
                yield return argument;
            }
        }

        foreach (var option in Options)
        {
            yield return option;
        }

        yield return "-f";
        yield return Demuxer;
        yield return "-i";
        yield return IsFile ? "file:" + Path.GetFullPath(Source) : Source;
    }

    private static IEnumerable<string> Guards(FfmpegOptions limits) =>
    [
        "-protocol_whitelist", "file,pipe",
        "-max_streams", FormattableString.Invariant($"{limits.MaxStreams}"),
        "-max_pixels", FormattableString.Invariant($"{limits.MaxPixels}"),
        "-threads", FormattableString.Invariant($"{limits.Threads}"),
    ];
}
