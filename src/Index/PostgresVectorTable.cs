using System.Globalization;
using Pgvector;
using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>
/// The vector side in PostgreSQL, with each entry's terms. Vectors are kept in full, so that what is scanned exactly or found nearby is ranked as
/// in process; the graph over a big scope (<see cref="PostgresVectorGraphs"/>) holds them as half floats.
/// </summary>
/// <remarks>
/// Partitions part the upkeep: a vacuum visits every graph of its table, and every statement looks at each of them. The scope stands in each
/// statement as a number, because only so can a partition and a partial index be chosen when the statement is planned.
/// The package's plug-in is not loaded: a <see cref="Vector"/> is sent as <c>real[]</c>.
/// </remarks>
internal static class PostgresVectorTable
{
    public const int Partitions = 16;

    public static readonly Table Schema = new("index_embeddings", string.Join('\n', [
        """
        create table index_embeddings (
            scope_id bigint not null, entry_id bigint not null, source_id bigint not null, current bigint not null, kind text not null,
            first_entry_id bigint, last_entry_id bigint, length bigint not null, terms text not null, dimensions bigint not null, vector vector not null,
            primary key(scope_id, entry_id)) partition by hash(scope_id);
        alter table index_embeddings alter column vector set storage external;
        """,
        // A vector of up to 2,000 values stays in its row: out of line each would be read one by one.
        .. Enumerable.Range(0, Partitions).Select(static part =>
            $"create table index_embeddings_{part} partition of index_embeddings for values with (modulus {Partitions}, remainder {part}) with (toast_tuple_target=8160);"),
        """
        create index index_embeddings_source on index_embeddings(source_id);
        create index index_embeddings_kind on index_embeddings(scope_id, current, kind);
        create index index_sources_embedding on index_sources(scope_id, embedding) where entries>0;
        """,
    ]));

    public static async ValueTask InsertAsync(
        ITransaction tx, long scopeId, long sourceId, bool current, long firstId, IReadOnlyList<PreparedRow> rows)
    {
        foreach (var part in rows.Index().Chunk(RowsAtOnce))
        {
            await tx.ExecuteAsync(
                $"""
                with changed as (
                    insert into index_embeddings(scope_id, entry_id, source_id, current, kind, first_entry_id, last_entry_id, length, terms, dimensions, vector)
                    select {Number(scopeId)}, r.entry_id, @SourceId, @Current, r.kind, r.first_entry_id, r.last_entry_id, r.length, r.terms, @Dimensions,
                        (@Values::real[])[(r.place-1)*@Dimensions+1:r.place*@Dimensions]::vector
                    from unnest(@Ids, @Kinds, @FirstIds, @LastIds, @Lengths, @Terms)
                        with ordinality as r(entry_id, kind, first_entry_id, last_entry_id, length, terms, place)
                    returning length, current as sign)
                {PostgresNumbersTable.Count} where n.scope_id={Number(scopeId)}
                """,
                new
                {
                    SourceId = sourceId,
                    Current = current ? 1L : 0L,
                    Dimensions = (long)part[0].Item.Vector.Length,
                    Ids = part.Select(row => firstId + row.Index).ToArray(),
                    Kinds = part.Select(row => row.Item.Entry.Kind.Name()).ToArray(),
                    FirstIds = part.Select(row => firstId + row.Item.First).ToArray(),
                    LastIds = part.Select(row => firstId + row.Item.Last).ToArray(),
                    Lengths = part.Select(row => (long)row.Item.Terms.Count).ToArray(),
                    Terms = part.Select(row => string.Join(' ', row.Item.Terms)).ToArray(),
                    Values = Values(part.Select(row => row.Item.Vector)),
                }).ConfigureAwait(false);
        }
    }

    public static async ValueTask DeleteAsync(ITransaction tx, long scopeId, long sourceId) => await tx.ExecuteAsync(
        $"""
        with changed as (
            delete from index_embeddings where scope_id={Number(scopeId)} and source_id=@SourceId returning length, -current as sign)
        {PostgresNumbersTable.Count} where n.scope_id={Number(scopeId)}
        """, new { SourceId = sourceId }).ConfigureAwait(false);

    /// <summary>Moves a source's vectors to the current ones or to the older ones.</summary>
    public static async ValueTask MarkAsync(ITransaction tx, long scopeId, long sourceId, bool current) => await tx.ExecuteAsync(
        $"""
        with changed as (
            update index_embeddings set current=@Current where scope_id={Number(scopeId)} and source_id=@SourceId and current<>@Current
            returning length, 2*current-1 as sign)
        {PostgresNumbersTable.Count} where n.scope_id={Number(scopeId)}
        """, new { SourceId = sourceId, Current = current ? 1L : 0L }).ConfigureAwait(false);

    /// <summary>Gives entries other vectors.</summary>
    public static async ValueTask EmbedAsync(ITransaction tx, long scopeId, IReadOnlyList<(long EntryId, float[] Vector)> rows)
    {
        foreach (var part in rows.Chunk(RowsAtOnce))
        {
            await tx.ExecuteAsync(
                $"""
                update index_embeddings v set dimensions=@Dimensions, vector=(@Values::real[])[(r.place-1)*@Dimensions+1:r.place*@Dimensions]::vector
                from unnest(@Ids) with ordinality as r(entry_id, place) where v.scope_id={Number(scopeId)} and v.entry_id=r.entry_id
                """,
                new { Dimensions = (long)part[0].Vector.Length, Ids = part.Select(row => row.EntryId).ToArray(), Values = Values(part.Select(row => row.Vector)) })
                .ConfigureAwait(false);
        }
    }

    /// <summary>The most similar entries by looking at every one that meets the filter; and, in the same round trip, the terms of <paramref name="ids"/>.</summary>
    public static ValueTask<IReadOnlyList<SimilarRow>> ScanAsync(IQuery query, long scopeId, Vector vector, QueryFilter filter, int limit, long[] ids) =>
        // No index is on this expression, so every row that meets the filter is looked at.
        query.QueryAsync<SimilarRow>(WithTerms(scopeId,
            $"""
            select v.entry_id, v.first_entry_id, -(v.vector <#> @Vector::real[]::vector) as similarity from index_embeddings v
            where v.scope_id={Number(scopeId)}{Shared(filter)}{OfEntries(filter)} order by similarity desc, v.entry_id limit {Number(limit)}
            """), Parameters(vector, filter, ids));

    /// <summary>The same by the scope's graph: perhaps not quite all of the best, and fewer than there are where a filter passes few.</summary>
    public static ValueTask<IReadOnlyList<SimilarRow>> NearAsync(IQuery query, long scopeId, Vector vector, QueryFilter filter, int limit, long[] ids)
    {
        // The scope, the version and the length are the partial index's own conditions.
        var dimensions = Number(vector.ToArray().Length);
        return query.QueryAsync<SimilarRow>(WithTerms(scopeId,
            $"""
            select entry_id, first_entry_id, -(vector <#> @Vector::real[]::vector) as similarity from (
                select v.entry_id, v.first_entry_id, v.vector from index_embeddings v
                where v.scope_id={Number(scopeId)} and v.dimensions={dimensions}{Shared(filter)}{OfEntries(filter)}
                order by v.vector::halfvec({dimensions}) <=> @Vector::real[]::vector::halfvec({dimensions}) limit {Number(limit)}) near
            """), Parameters(vector, filter, ids));
    }

    /// <summary>How many entries meet what the filter asks of kinds and sources, counted no further than <paramref name="atMost"/>.</summary>
    public static async ValueTask<long> CountAsync(IQuery query, long scopeId, QueryFilter filter, long atMost) => await query.FirstAsync<long>(
        $"select count(*) from (select 1 from index_embeddings v where v.scope_id={Number(scopeId)}{Shared(filter)} limit {Number(atMost)}) counted",
        filter.Parameters).ConfigureAwait(false);

    /// <summary>The cues of some windows.</summary>
    public static ValueTask<IReadOnlyList<TermsRow>> CuesAsync(IQuery query, long scopeId, Vector vector, long[] windows) => query.QueryAsync<TermsRow>(
        $"""
        select w.entry_id as window_id, c.entry_id, c.terms, -(c.vector <#> @Vector::real[]::vector) as similarity
        from index_embeddings w join index_embeddings c on c.scope_id={Number(scopeId)} and c.entry_id between w.first_entry_id and w.last_entry_id
        where w.scope_id={Number(scopeId)} and w.entry_id=any(@Ids) and w.first_entry_id is not null
        """, new { Ids = windows, Vector = vector.ToArray() });

    private const int RowsAtOnce = 1_000;

    private static string WithTerms(long scopeId, string similar) =>
        $"""
        select f.entry_id, f.first_entry_id, f.similarity, null::text as terms from ({similar}) f
        union all select v.entry_id, null, 0, v.terms from index_embeddings v where v.scope_id={Number(scopeId)} and v.entry_id=any(@Ids)
        """;

    private static string Shared(QueryFilter filter) =>
        (filter.AnyVersion ? "" : " and v.current=1")
        + (filter.Kinds.Count == 0 ? "" : $" and v.kind in ({filter.KindsSql})")
        + (filter.ChoosesSources ? $" and v.source_id in (select s.source_id from index_sources s where {filter.SourceSql})" : "");

    private static string OfEntries(QueryFilter filter) =>
        filter.ChoosesEntries ? $" and exists(select 1 from index_entries e where e.entry_id=v.entry_id and {filter.EntrySql})" : "";

    // A statement without values of the caller is prepared once a session; one with them is planned each time, with their own selectivity.
    private static object Parameters(Vector vector, QueryFilter filter, long[] ids) => filter.ChoosesSources || filter.ChoosesEntries
        ? new Dictionary<string, object?>(filter.Parameters) { ["Vector"] = vector.ToArray(), ["Ids"] = ids }
        : new { Vector = vector.ToArray(), Ids = ids };

    private static float[] Values(IEnumerable<float[]> vectors) => [.. vectors.SelectMany(static vector => vector)];

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
