namespace Pipeline.Index;

/// <summary>What an entry says about its subject.</summary>
public enum EntryKind
{
    /// <summary>Words that are spoken, with the times at which they are.</summary>
    Transcript,

    /// <summary>What a frame or a span of frames shows.</summary>
    FrameTag,

    /// <summary>What is known about the whole subject.</summary>
    Metadata,
}
