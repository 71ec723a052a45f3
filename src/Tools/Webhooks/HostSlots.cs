namespace Pipeline.Tools.Webhooks;

/// <summary>Counts the requests under way, in all and by host, so that a slow receiver fills only its own turns.</summary>
internal sealed class HostSlots(int total, int perHost)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _taken = new(StringComparer.Ordinal);
    private int _all;

    /// <summary>Hosts that have no turn left; null when nobody has.</summary>
    public IReadOnlyCollection<string>? Busy()
    {
        lock (_gate)
        {
            return _all >= total ? null : [.. _taken.Where(pair => pair.Value >= perHost).Select(pair => pair.Key)];
        }
    }

    /// <summary>Turns left for the host.</summary>
    /// <param name="host">Host and port.</param>
    /// <param name="promised">Turns of this host that are about to be taken.</param>
    /// <param name="promisedInAll">Turns of any host that are about to be taken, these included.</param>
    public int Free(string host, int promised, int promisedInAll)
    {
        lock (_gate)
        {
            return Math.Max(0, Math.Min(total - _all - promisedInAll, perHost - _taken.GetValueOrDefault(host) - promised));
        }
    }

    public void Take(string host)
    {
        lock (_gate)
        {
            _all++;
            _taken[host] = _taken.GetValueOrDefault(host) + 1;
        }
    }

    public void Return(string host)
    {
        lock (_gate)
        {
            _all--;
            if (--_taken[host] == 0)
            {
                _taken.Remove(host);
            }
        }
    }
}
