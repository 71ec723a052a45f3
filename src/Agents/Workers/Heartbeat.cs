using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Workers;

/// <summary>Renews a claim and its locks while a craft is at work, and stops the craft when it lost them.</summary>
internal sealed class Heartbeat : IAsyncDisposable
{
    private readonly Connection _connection;
    private readonly StepWork _work;
    private readonly CancellationTokenSource _craft;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _beating;

    public Heartbeat(Connection connection, StepWork work, CancellationTokenSource craft)
    {
        (_connection, _work, _craft) = (connection, work, craft);
        _beating = BeatAsync(_stop.Token);
    }

    /// <summary>Why the work was stopped; null while it is ours.</summary>
    public ToolRefused? Lost { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _beating.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task BeatAsync(CancellationToken ct)
    {
        var step = _work.Step;
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromSeconds(step.LeaseSeconds / 3), _connection.Time, ct).ConfigureAwait(false);
                await _connection.ChangeAsync("renew_step", new { run_id = step.RunId, step_id = step.StepId, generation = step.Generation, lease_seconds = step.LeaseSeconds }, Intent.New("renew"), ct).ConfigureAwait(false);
                foreach (var held in _work.Locks) await held.RenewAsync(ct).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The craft is done.
        }
        catch (ToolRefused refusal)
        {
            Lost = refusal;
            await _craft.CancelAsync().ConfigureAwait(false);
        }
        catch (ServerUnreachable)
        {
            // The craft's own calls will find the same out, and the lease has long run out.
            await _craft.CancelAsync().ConfigureAwait(false);
        }
    }
}
