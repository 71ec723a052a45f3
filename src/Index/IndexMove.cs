using System.Runtime.InteropServices;
using Pipeline.Index.Text;
using Pipeline.Storage.Moving;
using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>
/// Brings the index from SQLite to PostgreSQL. Scopes, sources, entries and fields are rows like others; words are read from the entries' texts
/// again, and vectors are carried over as they are, for a model may have been paid for them.
/// </summary>
public static class IndexMove
{
    private const int SourcesAtOnce = 500;

    /// <summary>SQLite's own tables of words and vectors, and its counter of ids: in PostgreSQL every scope counts for itself, above all ids of before.</summary>
    public static IReadOnlySet<string> Apart { get; } = new HashSet<string>
    {
        "index_identifiers", "index_text", "index_text_config", "index_text_content", "index_text_data", "index_text_docsize", "index_text_idx", "index_vocabulary", "index_vectors",
    };

    /// <summary>Brings the words and vectors of all entries, whose rows are there already.</summary>
    /// <exception cref="StorageFailedException">An entry has no vector.</exception>
    public static async ValueTask<IReadOnlyList<TableCheck>> BringAsync(IQuery from, ITransaction to)
    {
        RowSum vectors = new(), vectorsThere = new();
        long words = 0, wordsThere = 0;
        for (long after = 0; ;)
        {
            var sources = await SourcesTable.FilledAsync(from, after, SourcesAtOnce).ConfigureAwait(false);
            foreach (var source in sources)
            {
                var rows = await PrepareAsync(from, source, vectors).ConfigureAwait(false);
                words += await InsertAsync(to, source, rows).ConfigureAwait(false);
                wordsThere += await PostgresPostingsTable.CountAsync(to, source.SourceId).ConfigureAwait(false);
                foreach (var row in await PostgresVectorTable.OfSourceAsync(to, source.ScopeId, source.SourceId).ConfigureAwait(false))
                {
                    vectorsThere.Add([row.EntryId, MemoryMarshal.AsBytes<float>(row.Vector).ToArray()]);
                }

                after = source.SourceId;
            }

            if (sources.Count < SourcesAtOnce)
            {
                return
                [
                    new("index_vectors", vectors.Rows, vectorsThere.Rows, vectors.Text, vectorsThere.Text, []),
                    new("index_postings", words, wordsThere, "", "", []),
                ];
            }
        }
    }

    // A source's ids are consecutive, and so are its rows.
    private static async ValueTask<(long FirstId, List<PreparedRow> Rows)> PrepareAsync(IQuery from, SourceRow source, RowSum seen)
    {
        var entries = await EntriesTable.TextsAsync(from, source.SourceId).ConfigureAwait(false);
        var vectors = await SqliteVectorTable.OfSourceAsync(from, source.SourceId).ConfigureAwait(false);
        var firstId = entries.Count == 0 ? 0 : entries[0].EntryId;
        if (entries.Count != source.Entries || entries.Count == 0 || entries.Count != vectors.Count || entries[^1].EntryId != firstId + entries.Count - 1)
        {
            throw new StorageFailedException(
                $"The index of source {source.SourceId} is not whole: {source.Entries} entries are told of, {entries.Count} are there, with {vectors.Count} vectors. Index its asset again, then move.", null, full: false);
        }

        foreach (var vector in vectors)
        {
            seen.Add([vector.EntryId, vector.Vector]);
        }

        return (firstId, [.. entries.Zip(vectors, (entry, vector) => new PreparedRow(
            new IndexEntry { Kind = EntryKinds.Parse(entry.Kind) ?? EntryKind.Metadata, Text = entry.Text },
            Terms.OfText(entry.Text),
            MemoryMarshal.Cast<byte, float>(vector.Vector).ToArray(),
            (int?)(entry.FirstEntryId - firstId),
            (int?)(entry.LastEntryId - firstId)))]);
    }

    private static async ValueTask<long> InsertAsync(ITransaction to, SourceRow source, (long FirstId, List<PreparedRow> Rows) prepared)
    {
        var (firstId, rows) = prepared;
        await PostgresNumbersTable.ReserveAsync(to, source.ScopeId, 0).ConfigureAwait(false);
        await PostgresVectorTable.InsertAsync(to, source.ScopeId, source.SourceId, source.Current == 1, firstId, rows).ConfigureAwait(false);
        await PostgresPostingsTable.InsertAsync(
            to, source.ScopeId, source.SourceId, source.Current == 1, firstId, [.. rows.Select(row => (row.Entry.Kind.Name(), row.First is not null, row.Terms))]).ConfigureAwait(false);
        return rows.Sum(row => (long)row.Terms.Distinct(StringComparer.Ordinal).Count());
    }
}
