using Dapper;
using Microsoft.Data.Sqlite;

namespace Pipeline.Storage.State;

/// <summary>
/// Remembers how far the clock of a one-process store had come. The time for which the store was closed counts against nobody: when it is
/// opened again, leases that had not run out move on by that much, so each has at least the remainder that was stored.
/// </summary>
internal sealed class ClockTable(StoreClock clock)
{
    private const long KeptEveryMs = 100;

    private long _keptMs = long.MaxValue;

    /// <summary>Takes up the stored time and moves the leases of <paramref name="tables"/>; inside the transaction that migrates.</summary>
    public async ValueTask ResumeAsync(ITransaction tx, IReadOnlyList<Table> tables)
    {
        await tx.ExecuteAsync("create table if not exists store_clock (id bigint primary key, now_ms bigint not null)").ConfigureAwait(false);
        if (_keptMs != long.MaxValue)
        {
            return;
        }

        var lastMs = await tx.FirstAsync<long?>("select now_ms from store_clock where id=1").ConfigureAwait(false);
        var closedMs = lastMs is { } last ? clock.Resume(last) : 0;
        foreach (var lease in closedMs > 0 ? tables.SelectMany(table => table.Leases) : [])
        {
            await tx.ExecuteAsync(
                $"update {lease.Table} set {lease.Column} = {lease.Column} + @closedMs where {lease.Column} > @lastMs", new { closedMs, lastMs }).ConfigureAwait(false);
        }

        await tx.ExecuteAsync(
            "insert into store_clock(id, now_ms) values(1, @now) on conflict(id) do update set now_ms=excluded.now_ms", new { now = clock.NowMs() }).ConfigureAwait(false);
    }

    /// <summary>From here on every commit keeps the time; call it once the migration is durable.</summary>
    public void Begin() => Interlocked.CompareExchange(ref _keptMs, 0, long.MaxValue);

    /// <summary>Keeps the time in the transaction that is about to commit, if it has moved enough to matter.</summary>
    public void Keep(SqliteConnection connection)
    {
        var keptMs = Interlocked.Read(ref _keptMs);
        if (keptMs != long.MaxValue && clock.NowMs() is var now && now - keptMs >= KeptEveryMs)
        {
            connection.Execute("update store_clock set now_ms=@now where id=1", new { now });
            Interlocked.Exchange(ref _keptMs, now);
        }
    }
}
