using Pipeline.Storage.State;
using Pipeline.Tools.Audit;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Events;

namespace Pipeline.Tools.Locks;

/// <summary>Writes locks for the caller and finds those that it has.</summary>
public sealed class LockGrants(Call call, Ids ids, EventLog events)
{
    /// <summary>Writes the locks of a request that nothing stands in the way of.</summary>
    public async ValueTask<LockGrant> GrantAsync(ITransaction tx, LockRequest request)
    {
        var group = request.Together ? ids.New("locks") : null;
        var rows = new List<LockRow>(request.Assets.Count);
        foreach (var asset in request.Assets)
        {
            var row = new LockRow
            {
                LockId = ids.New("lock"), GroupId = group, Workspace = asset.Workspace, Path = asset.Path, Mode = request.Mode,
                Token = await LocksTable.NextTokenAsync(tx, asset.Workspace, asset.Path).ConfigureAwait(false),
                Principal = request.Principal, Agent = request.Agent, Purpose = request.Purpose,
                TtlMs = request.TtlMs, AcquiredAtMs = tx.NowMs, ExpiresAtMs = tx.NowMs + request.TtlMs,
            };
            await LocksTable.InsertAsync(tx, row).ConfigureAwait(false);
            await events.AppendAsync(tx, row.Workspace, "lock.acquired", row.Asset,
                new { row.Asset, row.LockId, row.Token, row.Mode, row.Agent, row.Purpose, expires_at = Instant.From(row.ExpiresAtMs) }).ConfigureAwait(false);
            rows.Add(row);
        }

        // The call's own entry goes to the first workspace's log; any other workspace must learn of it too.
        foreach (var workspace in rows.Select(row => row.Workspace).Distinct().Skip(1))
        {
            await AuditTable.AppendAsync(tx, new(workspace, call.Caller.Principal, call.Agent, call.Tool, null, "ok", Wire.Write(new { lock_id = group }))).ConfigureAwait(false);
        }

        return LockGrant.From(rows);
    }

    /// <summary>The caller's lock of that id, or its locks of that group, ended ones too.</summary>
    /// <exception cref="NotFoundError">There is none, or it is another's.</exception>
    public async ValueTask<IReadOnlyList<LockRow>> OwnAsync(IQuery query, string lockId)
    {
        var rows = await LocksTable.NamedAsync(query, lockId).ConfigureAwait(false);
        return rows.Count > 0 && rows.All(row => row.IsHeldBy(call.Caller.Principal, call.Agent) && call.Caller.Sees(row.Workspace)) ? rows
            : throw new NotFoundError("lock", lockId, "list_locks");
    }

    /// <summary>The same, all of them still held.</summary>
    /// <exception cref="LockLostError">One has ended.</exception>
    public async ValueTask<IReadOnlyList<LockRow>> LiveAsync(IQuery query, string lockId)
    {
        var rows = await OwnAsync(query, lockId).ConfigureAwait(false);
        return rows.FirstOrDefault(row => !row.IsLive(query.NowMs)) is { } lost ? throw new LockLostError(lost) : rows;
    }

    /// <summary>The lock as it stands now.</summary>
    public Task<LockGrant> CurrentAsync(string lockId, CancellationToken cancellation) =>
        call.Database.ReadAsync(async query => LockGrant.From(await LiveAsync(query, lockId).ConfigureAwait(false)), cancellation);

    /// <summary>Sets the leases of live locks to run from now.</summary>
    public static async ValueTask<IReadOnlyList<LockRow>> ExtendAsync(ITransaction tx, IReadOnlyList<LockRow> rows, long? ttlMs)
    {
        var extended = rows.Select(row => row with { TtlMs = ttlMs ?? row.TtlMs, ExpiresAtMs = tx.NowMs + (ttlMs ?? row.TtlMs) }).ToArray();
        foreach (var row in extended)
        {
            await LocksTable.ExtendAsync(tx, row.LockId, row.TtlMs, row.ExpiresAtMs).ConfigureAwait(false);
        }

        return extended;
    }
}
