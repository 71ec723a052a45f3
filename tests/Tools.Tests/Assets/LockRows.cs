using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Assets;

/// <summary>Puts a live exclusive lock where a test needs one held.</summary>
internal static class LockRows
{
    public static Task HoldAsync(House house, string workspace, string path, string agent, long token) => house.Database.TransactAsync(async tx =>
    {
        await tx.ExecuteAsync(
            """
            insert into locks(lock_id, workspace, path, mode, token, principal, agent, purpose, ttl_ms, acquired_at_ms, expires_at_ms)
            values('lock_' || @path, @workspace, @path, 'exclusive', @token, @agent, @agent, null, 60000, @NowMs, @NowMs + 60000)
            """,
            new { workspace, path, agent, token, tx.NowMs });
        return true;
    }, CancellationToken.None);
}
