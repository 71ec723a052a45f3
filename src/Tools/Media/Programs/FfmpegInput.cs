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

    // What cameras, editors and models write. The many decoders for old games, tools and devices are where most faults are found, and none
    // that hands bytes to a graphics driver is among these.
    private static readonly string Decoders = string.Join(
        ',',
        "h264", "hevc", "libdav1d", "libaom-av1", "av1", "vp8", "vp9", "libvpx", "libvpx-vp9", "mpeg1video", "mpeg2video", "mpegvideo", "mpeg4", "msmpeg4", "msmpeg4v2", "h263", "flv", "theora", "vc1", "wmv3",
        "mjpeg", "prores", "dnxhd", "cfhd", "dvvideo", "ffv1", "huffyuv", "ffvhuff", "utvideo", "qtrle", "rawvideo", "v210", "wrapped_avframe",
        "png", "apng", "webp", "gif", "bmp", "tiff",
        "aac", "aac_latm", "mp3float", "mp3", "mp2float", "mp2", "ac3", "eac3", "dca", "truehd", "opus", "libopus", "vorbis", "libvorbis", "flac", "alac", "wavpack", "speex", "libspeex",
        "amrnb", "amrwb", "libopencore_amrnb", "libopencore_amrwb", "adpcm_ms", "adpcm_ima_wav", "adpcm_ima_qt", "adpcm_swf", "wmav1", "wmav2", "s302m",
        "pcm_alaw", "pcm_mulaw", "pcm_bluray", "pcm_dvd", "pcm_f32be", "pcm_f32le", "pcm_f64be", "pcm_f64le", "pcm_s16be", "pcm_s16le", "pcm_s24be", "pcm_s24le", "pcm_s32be", "pcm_s32le",
        "pcm_s64be", "pcm_s64le", "pcm_s8", "pcm_u8", "pcm_u16be", "pcm_u16le", "pcm_u24be", "pcm_u24le", "pcm_u32be", "pcm_u32le", "pcm_s16be_planar", "pcm_s16le_planar", "pcm_s24le_planar", "pcm_s32le_planar",
        "mov_text", "srt", "subrip", "webvtt", "text", "ass", "ssa");

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

    private IEnumerable<string> Guards(FfmpegOptions limits) =>
    [
        "-protocol_whitelist", "file,pipe",
        "-format_whitelist", Demuxer,
        "-codec_whitelist", Decoders,
        "-max_streams", FormattableString.Invariant($"{limits.MaxStreams}"),
        "-max_pixels", FormattableString.Invariant($"{limits.MaxPixels}"),
        "-threads", FormattableString.Invariant($"{limits.Threads}"),
    ];
}
