using System.Text.Json;
using Npgsql;

namespace Pipeline.Storage.State;

/// <summary>
/// Tells other nodes which channels were raised here. Sending takes a lock of the whole server at its commit, so it is done beside the writes, on a
/// connection of its own, and at most every few milliseconds for all that came together. What is lost costs others time only: they look on their own beat.
/// </summary>
internal sealed class PostgresNotices : IAsyncDisposable
{
    private const int MostBytes = 7000; // PostgreSQL takes less than 8,000

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(200);

    private readonly Func<PostgresConnection> _connect;
    private readonly string _node;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _news = new(0);
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _loop;
    private HashSet<string> _raised = new(StringComparer.Ordinal);
    private PostgresConnection? _connection;

    public PostgresNotices(Func<PostgresConnection> connect, string node)
    {
        (_connect, _node) = (connect, node);
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Queues the channels; never waits.</summary>
    public void Add(IReadOnlyList<string> channels)
    {
        bool first;
        lock (_gate)
        {
            first = _raised.Count == 0;
            _raised.UnionWith(channels);
        }

        if (first)
        {
            _news.Release();
        }
    }

    /// <summary>The channels in a notice of another node; none in one of our own.</summary>
    public static IReadOnlyList<string> Read(string notice, string node) =>
        JsonSerializer.Deserialize<string[]>(notice) is [var from, .. var channels] && from != node ? channels : [];

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _connection?.Dispose();
        _ending.Dispose();
        _news.Dispose();
    }

    private async Task LoopAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            await _news.WaitAsync(_ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            HashSet<string> channels;
            lock (_gate)
            {
                (channels, _raised) = (_raised, new(StringComparer.Ordinal));
            }

            await SendAsync(channels).ConfigureAwait(false);
        }
    }

    private async Task SendAsync(HashSet<string> channels)
    {
        var rest = Pause;
        try
        {
            foreach (var notice in Notices(channels))
            {
                _connection ??= await PostgresConnection.OpenAsync(_connect, CancellationToken.None).ConfigureAwait(false);
                await _connection.Statement("select pg_notify(@Channel, @notice)", new { _connection.Place.Channel, notice }, out _)
                    .QueryAsync<object>(new { _connection.Place.Channel, notice }, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (PostgresFailure.IsPassing(failure) || failure is NpgsqlException or StorageFailedException or InvalidOperationException)
        {
            _connection?.Dispose();
            (_connection, rest) = (null, Rest);
            if (!_ending.IsCancellationRequested)
            {
                Add([.. channels]);
            }
        }

        await Task.Delay(rest, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private IEnumerable<string> Notices(HashSet<string> channels)
    {
        List<string> some = [_node];
        var bytes = 0;
        foreach (var channel in channels)
        {
            var size = JsonSerializer.Serialize(channel).Length + 1;
            if (bytes + size > MostBytes)
            {
                yield return JsonSerializer.Serialize(some);
                (some, bytes) = ([_node], 0);
            }

            some.Add(channel);
            bytes += size;
        }

        if (some.Count > 1)
        {
            yield return JsonSerializer.Serialize(some);
        }
    }
}
