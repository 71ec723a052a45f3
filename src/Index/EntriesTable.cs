using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>The entries themselves, windows among them; one source's ids are consecutive and its entries stand before its windows.</summary>
internal static class EntriesTable
{
    public static readonly Table Schema = new("index_entries", """
        create table index_entries (
            entry_id bigint primary key, source_id bigint not null, kind text not null, text text not null, label text,
            start_seconds double precision, end_seconds double precision, score double precision, first_entry_id bigint, last_entry_id bigint);
        create index index_entries_source on index_entries(source_id);
        """);

    public static async ValueTask InsertAsync(ITransaction tx, long sourceId, long firstId, IReadOnlyList<PreparedRow> rows) => await tx.ExecuteAsync(
        """
        insert into index_entries(entry_id, source_id, kind, text, label, start_seconds, end_seconds, score, first_entry_id, last_entry_id)
        values(@EntryId, @SourceId, @Kind, @Text, @Label, @StartSeconds, @EndSeconds, @Score, @FirstEntryId, @LastEntryId)
        """,
        rows.Select((row, place) => new
        {
            EntryId = firstId + place,
            SourceId = sourceId,
            Kind = row.Entry.Kind.Name(),
            row.Entry.Text,
            row.Entry.Label,
            row.Entry.StartSeconds,
            row.Entry.EndSeconds,
            row.Entry.Score,
            FirstEntryId = firstId + row.First,
            LastEntryId = firstId + row.Last,
        })).ConfigureAwait(false);

    /// <summary>The same in one statement, for an engine that a statement a row would keep waiting for the network.</summary>
    public static async ValueTask InsertAtOnceAsync(ITransaction tx, long sourceId, long firstId, IReadOnlyList<PreparedRow> rows) => await tx.ExecuteAsync(
        """
        insert into index_entries(entry_id, source_id, kind, text, label, start_seconds, end_seconds, score, first_entry_id, last_entry_id)
        select @FirstId+r.place-1, @SourceId, r.kind, r.text, r.label, r.start_seconds, r.end_seconds, r.score, r.first_entry_id, r.last_entry_id
        from unnest(@Kinds, @Texts, @Labels, @Starts, @Ends, @Scores, @FirstIds, @LastIds)
            with ordinality as r(kind, text, label, start_seconds, end_seconds, score, first_entry_id, last_entry_id, place)
        """,
        new
        {
            FirstId = firstId,
            SourceId = sourceId,
            Kinds = rows.Select(row => row.Entry.Kind.Name()).ToArray(),
            Texts = rows.Select(row => row.Entry.Text).ToArray(),
            Labels = rows.Select(row => row.Entry.Label).ToArray(),
            Starts = rows.Select(row => row.Entry.StartSeconds).ToArray(),
            Ends = rows.Select(row => row.Entry.EndSeconds).ToArray(),
            Scores = rows.Select(row => row.Entry.Score).ToArray(),
            FirstIds = rows.Select(row => firstId + row.First).ToArray(),
            LastIds = rows.Select(row => firstId + row.Last).ToArray(),
        }).ConfigureAwait(false);

    public static async ValueTask DeleteAsync(ITransaction tx, long sourceId) => await tx.ExecuteAsync(
        "delete from index_entries where source_id=@SourceId", new { SourceId = sourceId }).ConfigureAwait(false);

    /// <summary>Entries by id, in no order; ids that are gone are missing.</summary>
    public static ValueTask<IReadOnlyList<EntryRow>> FindAsync(IQuery query, IReadOnlyCollection<long> ids) => query.QueryAsync<EntryRow>(
        """
        select e.*, c.scope, s.subject, s.version, s.source from index_entries e
        join index_sources s on s.source_id=e.source_id join index_scopes c on c.scope_id=s.scope_id where e.entry_id in @Ids
        """, new { Ids = ids });

    /// <summary>How many entries of each kind there are of one version of a subject, windows left out.</summary>
    public static ValueTask<IReadOnlyList<KindCount>> CountsAsync(IQuery query, string scope, string subject, long version) => query.QueryAsync<KindCount>(
        """
        select e.kind, count(*) as entries from index_scopes c join index_sources s on s.scope_id=c.scope_id join index_entries e on e.source_id=s.source_id
        where c.scope=@Scope and s.subject=@Subject and s.version=@Version and e.first_entry_id is null group by e.kind
        """, new { Scope = scope, Subject = subject, Version = version });

    /// <summary>What one source's entries say, in order.</summary>
    public static ValueTask<IReadOnlyList<EntryRow>> TextsAsync(IQuery query, long sourceId) => query.QueryAsync<EntryRow>(
        "select entry_id, kind, text, first_entry_id, last_entry_id from index_entries where source_id=@SourceId order by entry_id", new { SourceId = sourceId });

    /// <summary>Which of these ids are windows, with the ids that they span.</summary>
    public static ValueTask<IReadOnlyList<EntryRow>> WindowsAsync(IQuery query, IReadOnlyCollection<long> ids) => query.QueryAsync<EntryRow>(
        "select entry_id, first_entry_id, last_entry_id from index_entries where entry_id in @Ids and first_entry_id is not null", new { Ids = ids });

    /// <summary>Ids of the sources, or of the entries, that meet a filter.</summary>
    public static ValueTask<IReadOnlyList<long>> MeetingAsync(IQuery query, QueryFilter filter, bool entries) => query.QueryAsync<long>(
        entries
            ? $"select e.entry_id from index_sources s join index_entries e on e.source_id=s.source_id where {filter.SourceSql} and {filter.EntrySql}"
            : $"select s.source_id from index_sources s where {filter.SourceSql}",
        filter.Parameters);

    /// <summary>Which of these entries meet a filter.</summary>
    public static ValueTask<IReadOnlyList<long>> MeetingAsync(IQuery query, QueryFilter filter, long[] ids) => query.QueryAsync<long>(
        $"select e.entry_id from index_sources s join index_entries e on e.source_id=s.source_id where {filter.SourceSql} and {filter.EntrySql} and e.entry_id=any(@Ids)",
        new Dictionary<string, object?>(filter.Parameters) { ["Ids"] = ids });
}
