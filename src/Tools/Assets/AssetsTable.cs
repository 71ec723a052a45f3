using Pipeline.Storage.State;
using Pipeline.Tools.Locks;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Assets;

/// <summary>Assets (a head a path) and their versions. Bytes are in the object store under their hash.</summary>
public static class AssetsTable
{
    public static readonly Table Schema = new("assets",
        """
        create table assets (
            workspace text not null, path text not null, version bigint not null, deleted bigint not null, modified_at_ms bigint not null,
            primary key (workspace, path));
        create table asset_versions (
            workspace text not null, path text not null, version bigint not null, sha256 text not null, size_bytes bigint not null, media_type text not null,
            metadata text not null, lineage text, facts text, principal text not null, agent text not null, created_at_ms bigint not null,
            primary key (workspace, path, version));
        create index asset_versions_by_object on asset_versions(sha256);
        create index asset_versions_by_time on asset_versions(created_at_ms, workspace, path);
        """,
        """
        alter table asset_versions add column run_id text;
        alter table asset_versions add column step_id text;
        alter table asset_versions add column expired_at_ms bigint;
        create index asset_versions_by_run on asset_versions(run_id) where run_id is not null;
        """)
    {
        Objects = [new("asset_versions", "sha256", "expired_at_ms is null")],
    };

    private const string Select =
        """
        select v.workspace, v.path, v.version, a.version as current_version, a.deleted, v.sha256, v.size_bytes, v.media_type, v.metadata, v.lineage,
            v.facts, v.run_id, v.step_id, v.expired_at_ms, v.principal, v.agent, v.created_at_ms
        from assets a join asset_versions v on v.workspace=a.workspace and v.path=a.path
        """;

    /// <summary>The version named, or the current one; null when there is none or it has expired. Deleted assets keep their old versions readable by number.</summary>
    public static ValueTask<AssetRow?> FindAsync(IQuery query, AssetName name) => query.FirstAsync<AssetRow>(
        name.Version is null
            ? $"{Select} where a.workspace=@Workspace and a.path=@Path and v.version=a.version and a.deleted=0"
            : $"{Select} where a.workspace=@Workspace and a.path=@Path and v.version=@Version and v.expired_at_ms is null",
        name);

    /// <summary>The version named, or the newest, if it has expired.</summary>
    public static ValueTask<AssetRow?> FindExpiredAsync(IQuery query, AssetName name) => query.FirstAsync<AssetRow>(
        $"{Select} where a.workspace=@Workspace and a.path=@Path and v.version=coalesce(cast(@Version as bigint), a.version) and v.expired_at_ms is not null", name);

    /// <summary>What was written on behalf of a run and has not expired.</summary>
    public static ValueTask<IReadOnlyList<AssetRow>> OfRunAsync(IQuery query, string runId) => query.QueryAsync<AssetRow>(
        $"{Select} where v.run_id=@runId and v.expired_at_ms is null order by v.workspace, v.path, v.version", new { runId });

    /// <summary>Whether anyone has written a version of the path other than on behalf of a run.</summary>
    public static async ValueTask<bool> IsWrittenByHandAsync(IQuery query, AssetRow row) => await query.FirstAsync<long>(
        "select count(*) from asset_versions where workspace=@Workspace and path=@Path and run_id is null", row).ConfigureAwait(false) > 0;

    /// <summary>The lineages of versions that were made since a time, and not on behalf of the run.</summary>
    public static ValueTask<IReadOnlyList<string>> LineagesOutsideAsync(IQuery query, string runId, long sinceMs) => query.QueryAsync<string>(
        """
        select lineage from asset_versions
        where created_at_ms>=@sinceMs and lineage is not null and expired_at_ms is null and (run_id is null or run_id<>@runId)
        """,
        new { runId, sinceMs });

    /// <summary>Notes that a version has expired; true when it was the current one, and the asset is deleted with it.</summary>
    public static async ValueTask<bool> ExpireAsync(ITransaction tx, AssetRow row)
    {
        await tx.ExecuteAsync(
            "update asset_versions set expired_at_ms=@NowMs where workspace=@Workspace and path=@Path and version=@Version",
            new { row.Workspace, row.Path, row.Version, tx.NowMs }).ConfigureAwait(false);
        return await tx.ExecuteAsync(
            "update assets set deleted=1, modified_at_ms=@NowMs where workspace=@Workspace and path=@Path and version=@Version and deleted=0",
            new { row.Workspace, row.Path, row.Version, tx.NowMs }).ConfigureAwait(false) > 0;
    }

    /// <summary>The newest version even when deleted; null when the path was never written.</summary>
    public static ValueTask<AssetRow?> NewestAsync(IQuery query, AssetName name) => query.FirstAsync<AssetRow>(
        $"{Select} where a.workspace=@Workspace and a.path=@Path and v.version=a.version", name);

    /// <summary>All versions, newest first.</summary>
    public static ValueTask<IReadOnlyList<AssetRow>> VersionsAsync(IQuery query, AssetName name, int limit) => query.QueryAsync<AssetRow>(
        $"{Select} where a.workspace=@Workspace and a.path=@Path order by v.version desc limit @limit", new { name.Workspace, name.Path, limit });

    /// <summary>Current assets by path, after <paramref name="after"/> and beginning with <paramref name="prefix"/>.</summary>
    public static ValueTask<IReadOnlyList<AssetRow>> PageAsync(IQuery query, string workspace, string prefix, string after, int limit) => query.QueryAsync<AssetRow>(
        $"""
        {Select} where a.workspace=@workspace and v.version=a.version and a.deleted=0 and a.path>@after
            and substr(a.path, 1, length(@prefix))=@prefix order by a.path limit @limit
        """,
        new { workspace, prefix, after, limit });

    /// <summary>
    /// Current assets of <paramref name="workspaces"/> (null: of all), last written first, from where <paramref name="before"/> ended.
    /// </summary>
    public static ValueTask<IReadOnlyList<AssetRow>> RecentAsync(IQuery query, IReadOnlyCollection<string>? workspaces, AssetMark before, int limit) => query.QueryAsync<AssetRow>(
        $"""
        {Select} where v.version=a.version and a.deleted=0 and (@All=1 or v.workspace in @Workspaces)
            and (v.created_at_ms<@CreatedAtMs or (v.created_at_ms=@CreatedAtMs and (v.workspace, v.path)<(@Workspace, @Path)))
        order by v.created_at_ms desc, v.workspace desc, v.path desc limit @limit
        """,
        new { All = workspaces is null ? 1 : 0, Workspaces = workspaces ?? [], before.CreatedAtMs, before.Workspace, before.Path, limit });

    /// <summary>
    /// Moves the head to its next version, if the locks and the expected version allow it in this very statement; null when they do not.
    /// </summary>
    public static async ValueTask<long?> AdvanceAsync(ITransaction tx, AssetName name, WriteGuardTerms terms, bool deleted)
    {
        await tx.ExecuteAsync(
            "insert into assets(workspace, path, version, deleted, modified_at_ms) values(@Workspace, @Path, 0, 1, @NowMs) on conflict(workspace, path) do nothing",
            new { name.Workspace, name.Path, tx.NowMs }).ConfigureAwait(false);
        return await tx.FirstAsync<long?>(
            $"""
            update assets set version=version+@Step, deleted=@Deleted, modified_at_ms=@NowMs
            where workspace=@Workspace and path=@Path and version=@Expected and {LocksTable.WriteGuard} returning version
            """,
            new
            {
                name.Workspace,
                name.Path,
                tx.NowMs,
                Step = deleted ? 0 : 1,
                Deleted = deleted ? 1 : 0,
                terms.Expected,
                terms.LockToken,
                terms.Principal,
                terms.Agent,
            }).ConfigureAwait(false);
    }

    /// <summary>Inserts a version; what is already known of its bytes comes with it.</summary>
    public static ValueTask<int> InsertVersionAsync(ITransaction tx, AssetRow row) => tx.ExecuteAsync(
        """
        insert into asset_versions(workspace, path, version, sha256, size_bytes, media_type, metadata, lineage, facts, run_id, step_id, principal, agent, created_at_ms)
        values(@Workspace, @Path, @Version, @Sha256, @SizeBytes, @MediaType, @Metadata, @Lineage,
            coalesce(@Facts, (select facts from asset_versions where sha256=@Sha256 and facts is not null limit 1)), @RunId, @StepId, @Principal, @Agent, @CreatedAtMs)
        """,
        row);

    /// <summary>
    /// Replaces the metadata of one version, if the locks and the head version allow it in this very statement; 0 when they do not.
    /// </summary>
    public static ValueTask<int> SetMetadataAsync(ITransaction tx, AssetRow row, WriteGuardTerms terms, string metadata) => tx.ExecuteAsync(
        $"""
        update asset_versions set metadata=@metadata
        where workspace=@Workspace and path=@Path and version=@Version
            and exists (select 1 from assets a where a.workspace=@Workspace and a.path=@Path and a.version=@Expected) and {LocksTable.WriteGuard}
        """,
        new { metadata, row.Workspace, row.Path, row.Version, terms.Expected, terms.LockToken, terms.Principal, terms.Agent, tx.NowMs });

    /// <summary>The versions that hold an object.</summary>
    public static ValueTask<IReadOnlyList<ObjectHolder>> OfObjectAsync(IQuery query, string sha256) => query.QueryAsync<ObjectHolder>(
        "select workspace || '/' || path || '@' || version as asset, size_bytes from asset_versions where sha256=@sha256 order by workspace, path, version", new { sha256 });

    /// <summary>Keeps the technical facts of an object for every version that holds it.</summary>
    public static ValueTask<int> SetFactsAsync(ITransaction tx, string sha256, string facts) => tx.ExecuteAsync(
        "update asset_versions set facts=@facts where sha256=@sha256 and facts is null", new { sha256, facts });
}
