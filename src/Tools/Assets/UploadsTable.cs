using Pipeline.Storage.State;

namespace Pipeline.Tools.Assets;

/// <summary>Uploads under way, and for a while those that have ended.</summary>
public static class UploadsTable
{
    public static readonly Table Schema = new("uploads",
        """
        create table uploads (
            token text primary key, principal text not null, agent text not null, workspace text not null, path text not null, size_bytes bigint not null,
            sha256 text, media_type text, metadata text, terms text not null, expires_at_ms bigint not null, answer text);
        create index uploads_by_expiry on uploads(expires_at_ms);
        """,
        """
        alter table uploads add column content text;
        create index uploads_by_agent on uploads(agent, principal);
        """)
    {
        Objects = [new("uploads", "content")],
    };

    private const string Columns = "token, principal, agent, workspace, path, size_bytes, sha256, media_type, metadata, terms, expires_at_ms, answer, content";

    public static ValueTask<int> InsertAsync(ITransaction tx, UploadRow row) => tx.ExecuteAsync(
        $"insert into uploads({Columns}) values(@Token, @Principal, @Agent, @Workspace, @Path, @SizeBytes, @Sha256, @MediaType, @Metadata, @Terms, @ExpiresAtMs, @Answer, @Content)", row);

    /// <summary>The principal's own upload, while it lasts.</summary>
    public static ValueTask<UploadRow?> FindAsync(IQuery query, string token, string principal) => query.FirstAsync<UploadRow>(
        $"select {Columns} from uploads where token=@token and principal=@principal and expires_at_ms>@NowMs", new { token, principal, query.NowMs });

    /// <summary>Keeps what it became; 0 when it had ended already.</summary>
    public static ValueTask<int> EndAsync(ITransaction tx, string token, string answer) =>
        tx.ExecuteAsync("update uploads set answer=@answer where token=@token and answer is null", new { token, answer });

    /// <summary>Whether any row has this token.</summary>
    public static async ValueTask<bool> IsKnownAsync(IQuery query, string token) =>
        await query.FirstAsync<long>("select count(*) from uploads where token=@token", new { token }).ConfigureAwait(false) > 0;

    /// <summary>Keeps which object its bytes became, until the write ends it; null when they must be sent again.</summary>
    public static ValueTask<int> KeepContentAsync(ITransaction tx, string token, string? content) =>
        tx.ExecuteAsync("update uploads set content=@content where token=@token and answer is null", new { token, content });

    /// <summary>Whether the principal has sent these very bytes for this path before, and their write was refused.</summary>
    public static async ValueTask<bool> HasContentAsync(IQuery query, UploadRow row) => await query.FirstAsync<long>(
        """
        select count(*) from uploads where principal=@Principal and workspace=@Workspace and path=@Path and size_bytes=@SizeBytes and content=@Sha256
            and answer is null and expires_at_ms>@NowMs
        """,
        new { row.Principal, row.Workspace, row.Path, row.SizeBytes, row.Sha256, query.NowMs }).ConfigureAwait(false) > 0;

    /// <summary>The agent's own that wait for bytes or for a write.</summary>
    public static ValueTask<IReadOnlyList<UploadRow>> OpenOfAgentAsync(IQuery query, string principal, string agent) => query.QueryAsync<UploadRow>(
        $"select {Columns} from uploads where agent=@agent and principal=@principal and answer is null and expires_at_ms>@NowMs order by workspace, path",
        new { principal, agent, query.NowMs });

    /// <summary>Forgets uploads past their time; returns their tokens.</summary>
    public static ValueTask<IReadOnlyList<string>> SweepAsync(ITransaction tx) =>
        tx.QueryAsync<string>("delete from uploads where expires_at_ms<=@NowMs returning token", new { tx.NowMs });
}
