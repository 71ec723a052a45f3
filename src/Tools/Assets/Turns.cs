namespace Pipeline.Tools.Assets;

/// <summary>One at a time for each name.</summary>
internal sealed class Turns
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TaskCompletionSource> _taken = new(StringComparer.Ordinal);

    public bool IsTaken(string name)
    {
        lock (_gate)
        {
            return _taken.ContainsKey(name);
        }
    }

    /// <summary>Waits for the turn; disposing the answer ends it.</summary>
    public async Task<IDisposable> TakeAsync(string name, CancellationToken cancellation)
    {
        while (true)
        {
            Task ended;
            lock (_gate)
            {
                if (!_taken.TryGetValue(name, out var other))
                {
                    _taken[name] = new(TaskCreationOptions.RunContinuationsAsynchronously);
                    return new Turn(this, name);
                }

                ended = other.Task;
            }

            await ended.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    private void End(string name)
    {
        lock (_gate)
        {
            if (_taken.Remove(name, out var ended))
            {
                ended.SetResult();
            }
        }
    }

    private sealed class Turn(Turns turns, string name) : IDisposable
    {
        private Turns? _turns = turns;

        public void Dispose() => Interlocked.Exchange(ref _turns, null)?.End(name);
    }
}
