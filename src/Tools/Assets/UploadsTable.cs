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
        """);

    private const string Columns = "token, principal, agent, workspace, path, size_bytes, sha256, media_type, metadata, terms, expires_at_ms, answer";

    public static ValueTask<int> InsertAsync(ITransaction tx, UploadRow row) => tx.ExecuteAsync(
        $"insert into uploads({Columns}) values(@Token, @Principal, @Agent, @Workspace, @Path, @SizeBytes, @Sha256, @MediaType, @Metadata, @Terms, @ExpiresAtMs, @Answer)", row);

    /// <summary>The principal's own upload, while it lasts.</summary>
    public static ValueTask<UploadRow?> FindAsync(IQuery query, string token, string principal) => query.FirstAsync<UploadRow>(
        $"select {Columns} from uploads where token=@token and principal=@principal and expires_at_ms>@NowMs", new { token, principal, query.NowMs });

    /// <summary>Keeps what it became; 0 when it had ended already.</summary>
    public static ValueTask<int> EndAsync(ITransaction tx, string token, string answer) =>
        tx.ExecuteAsync("update uploads set answer=@answer where token=@token and answer is null", new { token, answer });

    /// <summary>Whether any row has this token.</summary>
    public static async ValueTask<bool> IsKnownAsync(IQuery query, string token) =>
        await query.FirstAsync<long>("select count(*) from uploads where token=@token", new { token }).ConfigureAwait(false) > 0;

    /// <summary>Forgets uploads past their time; returns their tokens.</summary>
    public static ValueTask<IReadOnlyList<string>> SweepAsync(ITransaction tx) =>
        tx.QueryAsync<string>("delete from uploads where expires_at_ms<=@NowMs returning token", new { tx.NowMs });
}
