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
        """,
        """
        alter table uploads add column sender text;
        alter table uploads add column look_at_ms bigint not null default 0;
        alter table uploads add column looks bigint not null default 0;
        alter table uploads add column refusal text;
        create index uploads_by_look on uploads(look_at_ms) where sender is not null and answer is null;
        """)
    {
        Objects = [new("uploads", "content")],
    };

    private const string Columns = "token, principal, agent, workspace, path, size_bytes, sha256, media_type, metadata, terms, expires_at_ms, answer, content, sender, look_at_ms, looks, refusal";

    /// <summary>Told when an upload that goes straight to the store was announced.</summary>
    public const string Channel = "uploads";

    private const string IsAwaited = "sender is not null and answer is null and expires_at_ms>@NowMs";

    public static ValueTask<int> InsertAsync(ITransaction tx, UploadRow row) => tx.ExecuteAsync(
        $"insert into uploads({Columns}) values(@Token, @Principal, @Agent, @Workspace, @Path, @SizeBytes, @Sha256, @MediaType, @Metadata, @Terms, @ExpiresAtMs, @Answer, @Content, @Sender, @LookAtMs, @Looks, @Refusal)", row);

    /// <summary>The principal's own upload, while it lasts.</summary>
    public static ValueTask<UploadRow?> FindAsync(IQuery query, string token, string principal) => query.FirstAsync<UploadRow>(
        $"select {Columns} from uploads where token=@token and principal=@principal and expires_at_ms>@NowMs", new { token, principal, query.NowMs });

    /// <summary>Keeps what it became; 0 when it had ended already.</summary>
    public static ValueTask<int> EndAsync(ITransaction tx, string token, string answer) =>
        tx.ExecuteAsync("update uploads set answer=@answer where token=@token and answer is null", new { token, answer });

    /// <summary>The upload of that token, whosever it is.</summary>
    public static ValueTask<UploadRow?> OfTokenAsync(IQuery query, string token) => query.FirstAsync<UploadRow>($"select {Columns} from uploads where token=@token", new { token });

    /// <summary>The principal's own open upload to the store that was announced in the same words, while it lasts.</summary>
    public static ValueTask<UploadRow?> SameAsync(IQuery query, UploadRow row) => query.FirstAsync<UploadRow>(
        $"""
        select {Columns} from uploads where {IsAwaited} and principal=@Principal and agent=@Agent and workspace=@Workspace and path=@Path and size_bytes=@SizeBytes
            and coalesce(sha256,'')=coalesce(@Sha256,'') and coalesce(media_type,'')=coalesce(@MediaType,'') and coalesce(metadata,'')=coalesce(@Metadata,'') and terms=@Terms
        """,
        new { row.Principal, row.Agent, row.Workspace, row.Path, row.SizeBytes, row.Sha256, row.MediaType, row.Metadata, row.Terms, query.NowMs });

    /// <summary>When the next look is due; null when nothing is awaited.</summary>
    public static ValueTask<long?> NextLookAsync(IQuery query) => query.FirstAsync<long?>($"select min(look_at_ms) from uploads where {IsAwaited}", new { query.NowMs });

    /// <summary>Takes the upload whose look is due the longest, so that no other node looks too; null when none is. Who takes <paramref name="token"/> need not wait for its time.</summary>
    public static ValueTask<UploadRow?> TakeLookAsync(ITransaction tx, string? token, long leaseMs) => tx.FirstAsync<UploadRow>(
        $"""
        update uploads set look_at_ms=@NowMs+@leaseMs, looks=looks+1
        where token=coalesce(@token, (select token from uploads where {IsAwaited} and look_at_ms<=@NowMs order by look_at_ms limit 1))
            and {IsAwaited} and (look_at_ms<=@NowMs or @token is not null)
        returning {Columns}
        """,
        new { token, leaseMs, tx.NowMs });

    /// <summary>Ends a look, unless a later one began; the next is due at <paramref name="lookAtMs"/>.</summary>
    public static ValueTask<int> EndLookAsync(ITransaction tx, UploadRow looked, long lookAtMs, string? refusal) => tx.ExecuteAsync(
        "update uploads set look_at_ms=@lookAtMs, refusal=@refusal where token=@Token and looks=@Looks", new { looked.Token, looked.Looks, lookAtMs, refusal });

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
        $"select {Columns} from uploads where agent=@agent and principal=@principal and answer is null and expires_at_ms>@NowMs order by workspace, path, token",
        new { principal, agent, query.NowMs });

    /// <summary>Forgets uploads past their time; returns their tokens.</summary>
    public static ValueTask<IReadOnlyList<string>> SweepAsync(ITransaction tx) =>
        tx.QueryAsync<string>("delete from uploads where expires_at_ms<=@NowMs returning token", new { tx.NowMs });
}
