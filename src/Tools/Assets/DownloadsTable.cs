using Pipeline.Storage.State;

namespace Pipeline.Tools.Assets;

/// <summary>Downloads under way, and those whose bytes came but whose write was refused.</summary>
public static class DownloadsTable
{
    public static readonly Table Schema = new("downloads",
        """
        create table downloads (
            download_id text primary key, principal text not null, agent text not null, workspace text not null, path text not null, host text not null,
            etag text, modified_seconds bigint, total_bytes bigint, flushed_bytes bigint not null, boot text not null, sha256 text,
            changed_at_ms bigint not null, expires_at_ms bigint not null);
        create index downloads_by_expiry on downloads(expires_at_ms);
        create index downloads_by_agent on downloads(agent, principal);
        """)
    {
        Objects = [new("downloads", "sha256")],
    };

    private const long KeptMs = 24 * 60 * 60 * 1000L;

    private const string Columns =
        "download_id, principal, agent, workspace, path, host, etag, modified_seconds, total_bytes, flushed_bytes, boot, sha256, changed_at_ms, expires_at_ms";

    public static ValueTask<DownloadRow?> FindAsync(IQuery query, string downloadId) =>
        query.FirstAsync<DownloadRow>($"select {Columns} from downloads where download_id=@downloadId and expires_at_ms>@NowMs", new { downloadId, query.NowMs });

    /// <summary>Writes how far it is; it is kept for a day from now.</summary>
    public static ValueTask<int> PutAsync(ITransaction tx, DownloadRow row) => tx.ExecuteAsync(
        $"""
        insert into downloads({Columns}) values(@DownloadId, @Principal, @Agent, @Workspace, @Path, @Host, @Etag, @ModifiedSeconds, @TotalBytes, @FlushedBytes, @Boot,
            @Sha256, @ChangedAtMs, @ExpiresAtMs)
        on conflict(download_id) do update set agent=excluded.agent, etag=excluded.etag, modified_seconds=excluded.modified_seconds, total_bytes=excluded.total_bytes,
            flushed_bytes=excluded.flushed_bytes, boot=excluded.boot, sha256=excluded.sha256, changed_at_ms=excluded.changed_at_ms, expires_at_ms=excluded.expires_at_ms
        """,
        row with { ChangedAtMs = tx.NowMs, ExpiresAtMs = tx.NowMs + KeptMs });

    /// <summary>Forgets it: its bytes have become a version, or are of no use.</summary>
    public static ValueTask<int> EndAsync(ITransaction tx, string downloadId) =>
        tx.ExecuteAsync("delete from downloads where download_id=@downloadId", new { downloadId });

    /// <summary>The agent's own, those that stopped among them.</summary>
    public static ValueTask<IReadOnlyList<DownloadRow>> OfAgentAsync(IQuery query, string principal, string agent) => query.QueryAsync<DownloadRow>(
        $"select {Columns} from downloads where agent=@agent and principal=@principal and expires_at_ms>@NowMs order by workspace, path, download_id", new { principal, agent, query.NowMs });

    /// <summary>Every download there is a row of.</summary>
    public static ValueTask<IReadOnlyList<string>> IdsAsync(IQuery query) => query.QueryAsync<string>("select download_id from downloads");

    /// <summary>Forgets downloads past their time.</summary>
    public static ValueTask<int> SweepAsync(ITransaction tx) => tx.ExecuteAsync("delete from downloads where expires_at_ms<=@NowMs", new { tx.NowMs });
}
