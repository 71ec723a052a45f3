namespace Pipeline.Tools.Media;

/// <summary>Formats of still pictures.</summary>
public enum FrameFormat
{
    Jpeg,
    Webp,
    Png,
}
