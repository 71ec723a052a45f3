using Pipeline.Storage.State;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Idempotency;

/// <summary>Answers by principal, tool and key, kept for a day so that a repeated call gets the first one's answer.</summary>
public static class IdempotencyTable
{
    public static readonly Table Schema = new("idempotency",
        """
        create table idempotency (
            principal text not null, tool text not null, key text not null, body_hash text not null, answer text not null, expires_at_ms bigint not null,
            primary key (principal, tool, key));
        create index idempotency_by_expiry on idempotency(expires_at_ms);
        """);

    private const long KeptMs = 25 * 60 * 60 * 1000L;

    /// <summary>The stored answer, or null when the key is new (or older than a day).</summary>
    /// <exception cref="IdempotencyMismatchError">The key came with other arguments before.</exception>
    public static async ValueTask<StoredAnswer?> FindAsync(IQuery query, string principal, string tool, string key, string bodyHash)
    {
        var stored = await query.FirstAsync<StoredAnswer>(
            "select body_hash, answer from idempotency where principal=@principal and tool=@tool and key=@key and expires_at_ms>@NowMs",
            new { principal, tool, key, query.NowMs }).ConfigureAwait(false);
        return stored is null || stored.BodyHash == bodyHash ? stored : throw new IdempotencyMismatchError(key);
    }

    /// <summary>Stores the answer in the transaction of its effect.</summary>
    public static async ValueTask StoreAsync(ITransaction tx, string principal, string tool, string key, string bodyHash, object answer)
    {
        var text = Wire.Write(answer is IHoldsSecret secret ? secret.WithoutSecret() : answer);
        // Calls with the same key in two workspaces do not wait for each other: only one of them may keep its answer.
        var kept = await tx.ExecuteAsync(
            """
            insert into idempotency(principal, tool, key, body_hash, answer, expires_at_ms) values(@principal, @tool, @key, @bodyHash, @text, @expires)
            on conflict(principal, tool, key) do update set body_hash=excluded.body_hash, answer=excluded.answer, expires_at_ms=excluded.expires_at_ms
            where idempotency.expires_at_ms<=@NowMs
            """,
            new { principal, tool, key, bodyHash, text, expires = tx.NowMs + KeptMs, tx.NowMs }).ConfigureAwait(false);
        if (kept == 0)
        {
            throw new IdempotencyMismatchError(key);
        }
    }

    /// <summary>Forgets answers past their day; returns how many.</summary>
    public static ValueTask<int> SweepAsync(ITransaction tx) =>
        tx.ExecuteAsync("delete from idempotency where expires_at_ms<=@NowMs", new { tx.NowMs });
}
