using Pipeline.Index.Text;
using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>
/// The full-text side in PostgreSQL: for each term and source one row with all entries that hold the term (<see cref="PostingList"/>), and how
/// many they are in the whole scope. A key begins with the scope, so nobody reads another scope's postings or waits for their upkeep.
/// </summary>
/// <remarks>
/// A source is replaced as a whole, so its lists are too. One short range of a b-tree answers a term with its counts, which a GIN index over
/// arrays does not hold: there every match would have to be read from its own row to be ranked.
/// </remarks>
internal static class PostgresPostingsTable
{
    public static readonly Table Schema = new("index_postings", """
        create table index_postings (
            scope_id bigint not null, term text collate "C" not null, current bigint not null, first_entry_id bigint not null,
            source_id bigint not null, kind text not null, entries bigint not null, list bytea not null,
            primary key(scope_id, term, current, first_entry_id));
        create index index_postings_source on index_postings(source_id);
        create table index_words (
            scope_id bigint not null, term text collate "C" not null, current bigint not null, entries bigint not null,
            primary key(scope_id, term, current)) with (fillfactor=80);
        """);

    private const string Count =
        """
        insert into index_words(scope_id, term, current, entries)
        select scope_id, term, current, sum(entries)::bigint from changed group by scope_id, term, current order by scope_id, term, current
        on conflict(scope_id, term, current) do update set entries=index_words.entries+excluded.entries
        """;

    /// <summary>Adds a source's lists; <paramref name="firstId"/> is the id of the first of its rows.</summary>
    public static async ValueTask InsertAsync(
        ITransaction tx, long scopeId, long sourceId, bool current, long firstId, IReadOnlyList<(string Kind, bool IsWindow, IReadOnlyList<string> Terms)> rows)
    {
        var lists = Lists(firstId, rows);
        await tx.ExecuteAsync(
            $"""
            with changed as (
                insert into index_postings(scope_id, term, current, first_entry_id, source_id, kind, entries, list)
                select @ScopeId, l.term, @Current, l.first_entry_id, @SourceId, l.kind, l.entries, l.list
                from unnest(@Terms, @FirstIds, @Kinds, @Entries, @Lists) as l(term, first_entry_id, kind, entries, list)
                returning scope_id, term, current, entries)
            {Count}
            """,
            new
            {
                ScopeId = scopeId,
                SourceId = sourceId,
                Current = current ? 1L : 0L,
                Terms = lists.Select(list => list.Term).ToArray(),
                FirstIds = lists.Select(list => list.Postings[0].EntryId).ToArray(),
                Kinds = lists.Select(list => list.Kind).ToArray(),
                Entries = lists.Select(list => (long)list.Postings.Count).ToArray(),
                Lists = lists.Select(list => PostingList.Pack(list.Postings[0].EntryId, list.Postings)).ToArray(),
            }).ConfigureAwait(false);
    }

    public static async ValueTask DeleteAsync(ITransaction tx, long sourceId) => await tx.ExecuteAsync(
        $"""
        with gone as (delete from index_postings where source_id=@SourceId returning scope_id, term, current, entries),
        changed as (select scope_id, term, current, -entries as entries from gone)
        {Count}
        """, new { SourceId = sourceId }).ConfigureAwait(false);

    /// <summary>Moves a source's lists to the current ones or to the older ones.</summary>
    public static async ValueTask MarkAsync(ITransaction tx, long sourceId, bool current) => await tx.ExecuteAsync(
        $"""
        with moved as (
            update index_postings set current=@Current where source_id=@SourceId and current<>@Current returning scope_id, term, entries),
        changed as (
            select scope_id, term, side.current, side.sign*entries as entries from moved
            cross join (values (@Current, 1), (1-@Current, -1)) as side(current, sign))
        {Count}
        """, new { SourceId = sourceId, Current = current ? 1L : 0L }).ConfigureAwait(false);

    /// <summary>The lists of the plan's terms that meet what the filter asks of sources and kinds; of one too common term, those of the newest entries.</summary>
    public static ValueTask<IReadOnlyList<PostingsRow>> FindAsync(IQuery query, long scopeId, QueryPlan plan, QueryFilter filter)
    {
        var sources = filter.ChoosesSources ? $" and p.source_id in (select s.source_id from index_sources s where {filter.SourceSql})" : "";
        var kinds = filter.Kinds.Count == 0 ? "" : $" and p.kind in ({filter.KindsSql})";
        var current = filter.AnyVersion ? "" : " and p.current=1";
        var lists = $"from index_postings p where p.scope_id=@ScopeId and p.term=any(@Terms){current}";
        var sql = plan.Matches <= HybridSearch.MatchBudget
            ? $"select p.term, p.first_entry_id, p.list {lists}{kinds}{sources}"
            : $"""
              select p.term, p.first_entry_id, p.list from (
                  select newest.*, sum(entries) over (order by first_entry_id desc) - entries as before from (
                      select p.* {lists} order by p.first_entry_id desc limit {HybridSearch.MatchBudget}) newest) p
              where p.before<{HybridSearch.MatchBudget}{kinds}{sources}
              """;
        var terms = plan.Terms.ToArray();
        return query.QueryAsync<PostingsRow>(sql, filter.ChoosesSources
            ? new Dictionary<string, object?>(filter.Parameters) { ["Terms"] = terms }
            : new { ScopeId = scopeId, Terms = terms });
    }

    // A list is of one kind, so that a filter by kind passes over whole rows.
    private static List<(string Term, string Kind, List<Posting> Postings)> Lists(
        long firstId, IReadOnlyList<(string Kind, bool IsWindow, IReadOnlyList<string> Terms)> rows)
    {
        var lists = new Dictionary<(string Term, string Kind), List<Posting>>();
        for (var place = 0; place < rows.Count; place++)
        {
            var (kind, isWindow, terms) = rows[place];
            foreach (var (term, count) in terms.CountBy(static term => term, StringComparer.Ordinal))
            {
                System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(lists, (term, kind), out _) ??= [];
                lists[(term, kind)].Add(new Posting(firstId + place, count, terms.Count, isWindow));
            }
        }

        return [.. lists.Select(list => (list.Key.Term, list.Key.Kind, list.Value)).OrderBy(list => list.Term, StringComparer.Ordinal)];
    }
}
