namespace Pipeline.Index;

/// <summary>
/// What a hit must meet. <c>label</c>, <c>source</c>, <c>score</c>, <c>start_seconds</c> and <c>end_seconds</c> are the entry's own; any other
/// name, and any name behind <c>metadata.</c>, is one of the subject's <see cref="IndexEntry.Fields"/>.
/// </summary>
public sealed record FieldCondition(string Field, Comparison Comparison, FieldValue Value)
{
    private const string SubjectPrefix = "metadata.";

    /// <summary>True when the condition asks for something of the entry itself.</summary>
    public bool OfEntry => Field is "label" or "source" or "score" or "start_seconds" or "end_seconds";

    /// <summary>The name under which the subject's field is kept.</summary>
    public string SubjectField => Field.StartsWith(SubjectPrefix, StringComparison.Ordinal) ? Field[SubjectPrefix.Length..] : Field;
}
