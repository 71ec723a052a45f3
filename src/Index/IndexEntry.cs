namespace Pipeline.Index;

/// <summary>One thing that can be found: a cue, a tag, or a description of the whole subject.</summary>
public sealed record IndexEntry
{
    public required EntryKind Kind { get; init; }

    /// <summary>The words to be found by; control and bidirectional characters are removed when the entry is prepared.</summary>
    public required string Text { get; init; }

    /// <summary>A short class name for filters, such as <c>scene</c> or <c>silence</c>.</summary>
    public string? Label { get; init; }

    /// <summary>Seconds from the first frame; null, with <see cref="EndSeconds"/>, for the whole subject.</summary>
    public double? StartSeconds { get; init; }

    public double? EndSeconds { get; init; }

    /// <summary>The source's own measure of the entry, such as a detector's confidence.</summary>
    public double? Score { get; init; }

    /// <summary>Typed facts about the subject. A <see cref="FieldCondition"/> may ask for them, whichever of the subject's entries is found.</summary>
    public IReadOnlyDictionary<string, FieldValue>? Fields { get; init; }
}
