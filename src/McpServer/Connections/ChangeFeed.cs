using System.Collections.Concurrent;

namespace Pipeline.McpServer.Connections;

/// <summary>Carries changes from the house to every client that listens. A slow listener delays nobody: equal changes fold into one.</summary>
public sealed class ChangeFeed
{
    private readonly ConcurrentDictionary<Listener, bool> _listeners = new();

    /// <summary>How many listen now.</summary>
    public int Listeners => _listeners.Count;

    /// <summary>Tells everyone who asked for it.</summary>
    public void Publish(Change change)
    {
        foreach (var (listener, _) in _listeners)
        {
            listener.Offer(change);
        }
    }

    /// <summary>Begins to listen for the changes that <paramref name="wanted"/> accepts; dispose it to stop.</summary>
    public Listener Listen(Func<Change, bool> wanted)
    {
        var listener = new Listener(wanted, self => _listeners.TryRemove(self, out _));
        _listeners[listener] = true;
        return listener;
    }

    /// <summary>One client's waiting changes.</summary>
    public sealed class Listener : IDisposable
    {
        private readonly Func<Change, bool> _wanted;
        private readonly Action<Listener> _left;
        private readonly Lock _gate = new();
        private readonly HashSet<Change> _waiting = [];
        private readonly SemaphoreSlim _some = new(0, 1);

        internal Listener(Func<Change, bool> wanted, Action<Listener> left) => (_wanted, _left) = (wanted, left);

        /// <summary>Waits for changes and takes all there are.</summary>
        public async Task<IReadOnlyList<Change>> TakeAsync(CancellationToken cancellation)
        {
            await _some.WaitAsync(cancellation).ConfigureAwait(false);
            lock (_gate)
            {
                Change[] taken = [.. _waiting];
                _waiting.Clear();
                return taken;
            }
        }

        /// <summary>Stops listening.</summary>
        public void Dispose() => _left(this);

        internal void Offer(Change change)
        {
            if (!_wanted(change))
            {
                return;
            }

            lock (_gate)
            {
                if (_waiting.Add(change) && _waiting.Count == 1)
                {
                    _some.Release();
                }
            }
        }
    }
}
