namespace Pipeline.Tools.Media;

/// <summary>How a segment is cut.</summary>
public enum CutMode
{
    /// <summary>From the key frame at or before the start; nothing is encoded.</summary>
    Fast,

    /// <summary>To the frame; what must be encoded is encoded.</summary>
    Exact,
}
