namespace Pipeline.Tools.Media.Sniff;

/// <summary>What a file really is, by its bytes: its media type, the demuxer to force on ffmpeg, and whether it is a moving, sounding or still thing.</summary>
/// <param name="Container">A short name: <c>mp4</c>, <c>matroska</c>, <c>wav</c>, ...</param>
/// <param name="MediaType">The media type, as HTTP names it.</param>
/// <param name="Demuxer">The name to give to ffmpeg's <c>-f</c> before the input.</param>
/// <param name="Still">True for one picture.</param>
public sealed record MediaKind(string Container, string MediaType, string Demuxer, bool Still = false)
{
    /// <summary>ISO base media, which is parsed here and not only by ffmpeg.</summary>
    public bool IsMp4 => Demuxer == "mov";
}
