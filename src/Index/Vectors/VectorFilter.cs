namespace Pipeline.Index.Vectors;

/// <summary>Which rows a scan looks at. Null sets let everything through.</summary>
/// <param name="Kinds">Kinds asked for; empty: all.</param>
/// <param name="Sources">Sources asked for; null: the current ones.</param>
/// <param name="Entries">Entries asked for.</param>
internal sealed record VectorFilter(IReadOnlyList<EntryKind> Kinds, IReadOnlySet<long>? Sources, IReadOnlySet<long>? Entries);
