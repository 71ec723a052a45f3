using System.Globalization;

namespace Pipeline.Index;

/// <summary>An entry in the index.</summary>
/// <param name="EntryId">Never reused; it lasts until the entry's source is replaced or its subject removed.</param>
public sealed record StoredEntry(long EntryId, SourceKey Key, EntryKind Kind, string Text, string? Label, double? StartSeconds, double? EndSeconds, double? Score)
{
    private const string Prefix = "hit_";

    /// <summary>The handle that clients keep: <c>hit_</c> and the entry's id.</summary>
    public string HitId => Prefix + EntryId.ToString(CultureInfo.InvariantCulture);

    /// <summary>The entry id of a handle, or null when the text is none.</summary>
    public static long? ParseHitId(string hitId) =>
        hitId.StartsWith(Prefix, StringComparison.Ordinal)
        && long.TryParse(hitId.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
