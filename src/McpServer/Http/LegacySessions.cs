using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Pipeline.McpServer.Connections;

namespace Pipeline.McpServer.Http;

/// <summary>The sessions of the handshake era: how many there may be, and when one has rested too long.</summary>
internal sealed class LegacySessions : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, LegacySession> _sessions = new(StringComparer.Ordinal);
    private readonly HttpDoorOptions _options;
    private readonly ServerFactory _servers;
    private readonly Subscriptions _subscriptions;
    private readonly TimeProvider _time;
    private readonly ITimer _sweep;

    public LegacySessions(HttpDoorOptions options, ServerFactory servers, Subscriptions subscriptions, TimeProvider time)
    {
        (_options, _servers, _subscriptions, _time) = (options, servers, subscriptions, time);
        var every = TimeSpan.FromTicks(Math.Clamp(options.SessionIdle.Ticks / 10, TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerMinute));
        _sweep = time.CreateTimer(static self => _ = ((LegacySessions)self!).SweepAsync(), this, every, every);
    }

    /// <summary>How many sessions live.</summary>
    public int Count => _sessions.Count;

    /// <summary>A new session; null when there is no room and every other one is busy.</summary>
    public async Task<LegacySession?> CreateAsync(Connection connection)
    {
        if (_sessions.Count >= _options.MaxSessions && !await MakeRoomAsync().ConfigureAwait(false))
        {
            return null;
        }

        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        return _sessions[id] = new LegacySession(id, connection, _servers, _subscriptions, _time);
    }

    /// <summary>The session of that id, or null.</summary>
    public LegacySession? Find(string id) => _sessions.GetValueOrDefault(id);

    /// <summary>Ends a session, whatever it is doing.</summary>
    public Task EndAsync(LegacySession session) => EndAsync(session, force: true);

    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(_sessions.Values.Select(session => EndAsync(session, force: true))).ConfigureAwait(false);
    }

    private async Task<bool> EndAsync(LegacySession session, bool force)
    {
        if (!session.TryEnd(force))
        {
            return false;
        }

        _sessions.TryRemove(session.Id, out _);
        await session.DisposeAsync().ConfigureAwait(false);
        return true;
    }

    private async Task<bool> MakeRoomAsync()
    {
        foreach (var session in _sessions.Values.Where(static session => session.Rests).OrderBy(static session => session.LastUsed))
        {
            if (await EndAsync(session, force: false).ConfigureAwait(false))
            {
                return true;
            }
        }

        return false;
    }

    private async Task SweepAsync()
    {
        foreach (var session in _sessions.Values)
        {
            if (session.Rests && _time.GetElapsedTime(session.LastUsed) > _options.SessionIdle)
            {
                await EndAsync(session, force: false).ConfigureAwait(false);
            }
        }
    }
}
