using Npgsql;

namespace Pipeline.Storage.State;

/// <summary>
/// The session that says that this node lives and hears what others raise. It holds an advisory lock, which the server frees at once when the process
/// dies and soon when its machine is cut off; a process that is only slow keeps it.
/// </summary>
internal sealed class PostgresPresence : IAsyncDisposable
{
    private readonly Func<PostgresConnection> _connect;
    private readonly string _node;
    private readonly Signals _signals;
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _loop;

    public PostgresPresence(Func<PostgresConnection> connect, string node, Signals signals)
    {
        (_connect, _node, _signals) = (connect, node, signals);
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Ends once the node is known to live and hears.</summary>
    public Task Listening => _listening.Task;

    public async ValueTask DisposeAsync()
    {
        // The driver hears of it, too, and throws where its connection ends at that moment; then there is nothing left to interrupt.
        await _ending.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _loop.ConfigureAwait(false);
        _ending.Dispose();
    }

    private async Task LoopAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                using var connection = await PostgresConnection.OpenAsync(_connect, _ending.Token).ConfigureAwait(false);
                connection.Driver.Notification += (_, heard) =>
                {
                    foreach (var channel in PostgresNotices.Read(heard.Payload, _node))
                    {
                        _signals.Raise(channel);
                    }
                };
                connection.Execute("set idle_in_transaction_session_timeout=0");
                connection.Execute("select pg_advisory_lock(@key)", new { key = connection.Place.Node(_node) });
                connection.Execute("listen " + connection.Place.Channel);
                _signals.RaiseAll(); // whatever was raised while nobody listened
                _listening.TrySetResult();
                while (true)
                {
                    await connection.Driver.WaitAsync(_ending.Token).ConfigureAwait(false);
                }
            }
            catch (Exception failure) when (failure is OperationCanceledException or NpgsqlException or StorageFailedException or InvalidOperationException)
            {
                await Task.Delay(100, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
