namespace Pipeline.Index;

internal sealed record EntryRow
{
    public long EntryId { get; init; }
    public long SourceId { get; init; }
    public string Kind { get; init; } = "";
    public string Text { get; init; } = "";
    public string? Label { get; init; }
    public double? StartSeconds { get; init; }
    public double? EndSeconds { get; init; }
    public double? Score { get; init; }

    /// <summary>For a window: the ids of its first and last cue.</summary>
    public long? FirstEntryId { get; init; }
    public long? LastEntryId { get; init; }

    public string Scope { get; init; } = "";
    public string Subject { get; init; } = "";
    public long Version { get; init; }
    public string Source { get; init; } = "";

    public StoredEntry ToEntry() => new(
        EntryId, new SourceKey(Scope, Subject, Version, Source), EntryKinds.Parse(Kind) ?? EntryKind.Metadata, Text, Label, StartSeconds, EndSeconds, Score);
}
