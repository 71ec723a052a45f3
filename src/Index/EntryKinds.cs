namespace Pipeline.Index;

/// <summary>The kinds' names on the wire and in rows.</summary>
public static class EntryKinds
{
    /// <summary>The kind's name: <c>transcript</c>, <c>frame_tag</c> or <c>metadata</c>.</summary>
    public static string Name(this EntryKind kind) => kind switch
    {
        EntryKind.Transcript => "transcript",
        EntryKind.FrameTag => "frame_tag",
        _ => "metadata",
    };

    /// <summary>The kind of that name, or null when there is none.</summary>
    public static EntryKind? Parse(string name) => name switch
    {
        "transcript" => EntryKind.Transcript,
        "frame_tag" => EntryKind.FrameTag,
        "metadata" => EntryKind.Metadata,
        _ => null,
    };
}
