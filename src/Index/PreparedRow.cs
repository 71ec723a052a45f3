namespace Pipeline.Index;

/// <summary>One row to be: an entry or a window over the entries numbered <see cref="First"/> to <see cref="Last"/> of the same list.</summary>
internal sealed record PreparedRow(IndexEntry Entry, IReadOnlyList<string> Terms, float[] Vector, int? First = null, int? Last = null);
