using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Workers;

/// <summary>An exclusive lock on the path that a step writes. The heartbeat renews it; letting go of it releases it.</summary>
public sealed class OutputLock : IAsyncDisposable
{
    private readonly Connection _connection;
    private readonly ClaimedStep _step;
    private readonly Action<OutputLock> _gone;

    private OutputLock(Connection connection, ClaimedStep step, string lockId, long token, Action<OutputLock> gone)
    {
        (_connection, _step, LockId, Token, _gone) = (connection, step, lockId, token, gone);
    }

    public string LockId { get; }

    /// <summary>To be named with every write to the path.</summary>
    public long Token { get; }

    /// <summary>Waits until the path is free and takes it.</summary>
    internal static async Task<OutputLock> TakeAsync(Connection connection, ClaimedStep step, string asset, Action<OutputLock> gone, CancellationToken ct)
    {
        // The next in line is told at once; asking anew only matters when the wait was longer than one call may be.
        while (true)
        {
            try
            {
                var held = await connection.ChangeAsync("acquire_lock", new { asset, ttl_seconds = step.LeaseSeconds, wait_seconds = 20, purpose = $"{step.Capability} {step.StepId}" }, step.Intent($"lock:{asset}"), ct).ConfigureAwait(false);
                return new OutputLock(connection, step, held.Text("lock_id")!, held.Whole("token")!.Value, gone);
            }
            catch (ToolRefused refusal) when (refusal.Code == "lock_held")
            {
                ct.ThrowIfCancellationRequested();
            }
        }
    }

    /// <exception cref="ToolRefused"><c>lock_lost</c>: it ran out.</exception>
    internal Task RenewAsync(CancellationToken ct) =>
        _connection.ChangeAsync("renew_lock", new { lock_id = LockId, ttl_seconds = _step.LeaseSeconds }, Intent.New("renew"), ct);

    public async ValueTask DisposeAsync()
    {
        _gone(this);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10), _connection.Time);
        try
        {
            await _connection.ChangeAsync("release_lock", new { lock_id = LockId }, _step.Intent($"unlock:{LockId}"), patience.Token).ConfigureAwait(false);
        }
        catch (Exception lost) when (lost is ToolRefused or ServerUnreachable or OperationCanceledException)
        {
            // It is gone already, or it ends by itself with its time to live.
        }
    }
}
