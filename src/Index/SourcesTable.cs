using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>
/// One row per scope, subject, version and source. A replaced source keeps its row and an emptied one stays as a row of no entries, so whoever
/// holds a copy of the scope at revision r needs only the rows of later revisions to catch up.
/// </summary>
internal static class SourcesTable
{
    public static readonly Table Schema = new("index_sources", """
        create table index_sources (
            source_id {identity}, scope_id bigint not null, subject text not null, version bigint not null, source text not null,
            current bigint not null, revision bigint not null, entries bigint not null, terms bigint not null, embedding text not null,
            unique(scope_id, subject, source, version));
        create index index_sources_revision on index_sources(scope_id, revision);
        """);

    private const string Columns = "source_id, version, current, revision, entries, terms, embedding";

    public static async ValueTask<long> PutAsync(ITransaction tx, ScopeRow scope, SourceKey key, bool current, long entries, long terms, string embedding) =>
        await tx.FirstAsync<long>(
            """
            insert into index_sources(scope_id, subject, version, source, current, revision, entries, terms, embedding)
            values(@ScopeId, @Subject, @Version, @Source, @Current, @Revision, @Entries, @Terms, @Embedding)
            on conflict(scope_id, subject, source, version) do update set
                current=excluded.current, revision=excluded.revision, entries=excluded.entries, terms=excluded.terms, embedding=excluded.embedding
            returning source_id
            """,
            new { scope.ScopeId, key.Subject, key.Version, key.Source, Current = current ? 1L : 0L, scope.Revision, Entries = entries, Terms = terms, Embedding = embedding }).ConfigureAwait(false);

    /// <summary>The rows of one source's versions of a subject, newest first.</summary>
    public static ValueTask<IReadOnlyList<SourceRow>> VersionsAsync(IQuery query, long scopeId, SourceKey key) => query.QueryAsync<SourceRow>(
        $"select {Columns} from index_sources where scope_id=@ScopeId and subject=@Subject and source=@Source order by version desc",
        new { ScopeId = scopeId, key.Subject, key.Source });

    public static ValueTask<IReadOnlyList<SourceRow>> OfSubjectAsync(IQuery query, long scopeId, string subject) => query.QueryAsync<SourceRow>(
        $"select {Columns} from index_sources where scope_id=@ScopeId and subject=@Subject and entries>0", new { ScopeId = scopeId, Subject = subject });

    public static async ValueTask MarkAsync(ITransaction tx, long sourceId, long revision, bool current) => await tx.ExecuteAsync(
        "update index_sources set current=@Current, revision=@Revision where source_id=@SourceId",
        new { SourceId = sourceId, Revision = revision, Current = current ? 1L : 0L }).ConfigureAwait(false);

    public static async ValueTask EmptyAsync(ITransaction tx, long sourceId, long revision) => await tx.ExecuteAsync(
        "update index_sources set current=0, revision=@Revision, entries=0, terms=0 where source_id=@SourceId",
        new { SourceId = sourceId, Revision = revision }).ConfigureAwait(false);

    /// <summary>Names the embedding of a source that has not changed since <paramref name="seen"/>; false when it has.</summary>
    public static async ValueTask<bool> RenameEmbeddingAsync(ITransaction tx, SourceRow seen, long revision, string embedding) => await tx.ExecuteAsync(
        "update index_sources set embedding=@Embedding, revision=@Revision where source_id=@SourceId and revision=@Seen",
        new { seen.SourceId, Seen = seen.Revision, Revision = revision, Embedding = embedding }).ConfigureAwait(false) == 1;

    public static ValueTask<IReadOnlyList<SourceRow>> ChangedAsync(IQuery query, long scopeId, long since) => query.QueryAsync<SourceRow>(
        $"select {Columns} from index_sources where scope_id=@ScopeId and revision>@Since order by revision", new { ScopeId = scopeId, Since = since });

    /// <summary>The sources of a scope whose vectors are of another generator.</summary>
    public static ValueTask<IReadOnlyList<SourceRow>> ForeignAsync(IQuery query, string scope, string identity) => query.QueryAsync<SourceRow>(
        $"select {Columns} from index_sources where scope_id=(select scope_id from index_scopes where scope=@Scope) and entries>0 and embedding<>@Identity order by source_id",
        new { Scope = scope, Identity = identity });
}
