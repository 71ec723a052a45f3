using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Locks;

/// <summary>What the caller now holds.</summary>
/// <param name="LockId">The lock; of assets[], a name for all of them together.</param>
/// <param name="Asset">What is locked; null for assets[].</param>
/// <param name="Token">Fencing token, to be named as lock_token with every write of the path; null for assets[].</param>
/// <param name="Mode">exclusive or shared.</param>
/// <param name="ExpiresAt">When the lease ends unless it is renewed.</param>
/// <param name="TtlSeconds">Length of the lease.</param>
/// <param name="Locks">For assets[], each lock.</param>
public sealed record LockGrant(
    string LockId, string? Asset, long? Token, string Mode, DateTimeOffset ExpiresAt, double TtlSeconds, IReadOnlyList<GrantedLock>? Locks)
{
    internal static LockGrant From(IReadOnlyList<LockRow> rows)
    {
        var row = rows[0];
        var expires = Instant.From(rows.Min(one => one.ExpiresAtMs));
        return row.GroupId is { } group
            ? new(group, null, null, row.Mode, expires, row.TtlMs / 1000.0, [.. rows.Select(GrantedLock.From)])
            : new(row.LockId, row.Asset, row.Token, row.Mode, expires, row.TtlMs / 1000.0, null);
    }
}

/// <summary>One of several locks taken together; it can be renewed and released by itself.</summary>
public sealed record GrantedLock(string Asset, string LockId, long Token, DateTimeOffset ExpiresAt, double TtlSeconds)
{
    internal static GrantedLock From(LockRow row) => new(row.Asset, row.LockId, row.Token, Instant.From(row.ExpiresAtMs), row.TtlMs / 1000.0);
}
