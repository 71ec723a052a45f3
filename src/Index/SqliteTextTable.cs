using System.Globalization;
using Pipeline.Index.Text;
using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>
/// The full-text side in SQLite's FTS5. Every term carries its scope as a prefix, so a query reads only the postings of its own scope and the
/// vocabulary counts within it: <c>12x</c> before the terms of current entries of scope 12, <c>12y</c> before those of older versions.
/// </summary>
/// <remarks>Terms are letters a to z and digits only (<see cref="Terms"/>); nothing a user writes reaches FTS5's query syntax.</remarks>
internal static class SqliteTextTable
{
    public static readonly Table Schema = new("index_text", """
        create virtual table index_text using fts5(terms, tokenize='ascii');
        create virtual table index_vocabulary using fts5vocab('index_text', 'row');
        """);

    public static async ValueTask InsertAsync(ITransaction tx, long scopeId, bool current, long firstId, IReadOnlyList<PreparedRow> rows)
    {
        var prefix = Prefix(scopeId, current);
        await tx.ExecuteAsync(
            "insert into index_text(rowid, terms) values(@EntryId, @Terms)",
            rows.Select((row, place) => new { EntryId = firstId + place, Terms = string.Join(' ', row.Terms.Select(term => prefix + term)) })).ConfigureAwait(false);
    }

    public static async ValueTask DeleteAsync(ITransaction tx, long sourceId) => await tx.ExecuteAsync(
        "delete from index_text where rowid in (select entry_id from index_entries where source_id=@SourceId)", new { SourceId = sourceId }).ConfigureAwait(false);

    /// <summary>Moves a source's entries to the current ones or to the older ones.</summary>
    public static async ValueTask MarkAsync(ITransaction tx, long scopeId, long sourceId, bool current) => await tx.ExecuteAsync(
        """
        update index_text set terms=substr(replace(' ' || terms, ' ' || @Old, ' ' || @New), 2)
        where rowid in (select entry_id from index_entries where source_id=@SourceId)
        """,
        new { SourceId = sourceId, Old = Prefix(scopeId, !current), New = Prefix(scopeId, current) }).ConfigureAwait(false);

    /// <summary>For each term, how many of the scope's entries hold it; only current ones unless <paramref name="anyVersion"/>.</summary>
    public static async ValueTask<IReadOnlyDictionary<string, long>> FrequenciesAsync(IQuery query, long scopeId, IReadOnlyList<string> terms, bool anyVersion)
    {
        var rows = await query.QueryAsync<VocabularyRow>(
            "select term, doc as count from index_vocabulary where term in @Terms", new { Terms = Prefixed(scopeId, terms, anyVersion) }).ConfigureAwait(false);
        return rows.GroupBy(row => Bare(row.Term), StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Sum(row => row.Count), StringComparer.Ordinal);
    }

    /// <summary>The best <paramref name="limit"/> entries by FTS5's own ranking, with their terms.</summary>
    public static async ValueTask<IReadOnlyList<(long EntryId, IReadOnlyList<string> Terms)>> MatchAsync(
        IQuery query, long scopeId, QueryPlan plan, QueryFilter filter, int limit)
    {
        // Ranking is FTS5's only while the order stands alone in its query: everything else is joined to the ranked rows outside of it.
        var match = plan.Matches <= HybridSearch.MatchBudget
            ? "select rowid, rank from index_text where index_text match @Match order by rank limit @Ranked"
            : "select rowid, rank from (select rowid, rank from index_text where index_text match @Match order by rowid desc limit @Budget) order by rank limit @Ranked";
        var joined = filter.TakesAll
            ? ""
            : $"join index_entries e on e.entry_id=m.rowid join index_sources s on s.source_id=e.source_id where {filter.SourceSql} and {filter.EntrySql}";
        var rows = await query.QueryAsync<TextRow>(
            $"select r.entry_id, t.terms from (select m.rowid as entry_id, m.rank from ({match}) m {joined} order by m.rank limit @Limit) r join index_text t on t.rowid=r.entry_id",
            new Dictionary<string, object?>(filter.Parameters)
            {
                ["Match"] = string.Join(" OR ", Prefixed(scopeId, plan.Terms, filter.AnyVersion).Select(term => $"\"{term}\"")),
                ["Ranked"] = filter.TakesAll ? limit : HybridSearch.MatchBudget,
                ["Budget"] = HybridSearch.MatchBudget,
                ["Limit"] = (long)limit,
            }).ConfigureAwait(false);
        return [.. rows.Select(row => (row.EntryId, Split(row.Terms)))];
    }

    public static async ValueTask<IReadOnlyList<(long EntryId, IReadOnlyList<string> Terms)>> TermsAsync(IQuery query, long firstId, long lastId) =>
        [.. (await query.QueryAsync<TextRow>("select rowid as entry_id, terms from index_text where rowid between @First and @Last",
            new { First = firstId, Last = lastId }).ConfigureAwait(false)).Select(row => (row.EntryId, Split(row.Terms)))];

    private static string Prefix(long scopeId, bool current) => scopeId.ToString(CultureInfo.InvariantCulture) + (current ? 'x' : 'y');

    private static List<string> Prefixed(long scopeId, IReadOnlyList<string> terms, bool anyVersion) =>
        [.. terms.Select(term => Prefix(scopeId, true) + term), .. anyVersion ? terms.Select(term => Prefix(scopeId, false) + term) : []];

    private static IReadOnlyList<string> Split(string terms) => [.. terms.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Bare)];

    private static string Bare(string term) => term[(term.AsSpan().IndexOfAnyExceptInRange('0', '9') + 1)..];

    private sealed record VocabularyRow
    {
        public string Term { get; init; } = "";
        public long Count { get; init; }
    }

    private sealed record TextRow
    {
        public long EntryId { get; init; }
        public string Terms { get; init; } = "";
    }
}
