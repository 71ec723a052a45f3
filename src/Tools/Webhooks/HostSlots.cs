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

    /// <summary>Turns left for the host when <paramref name="promised"/> others are about to be taken.</summary>
    public int Free(string host, int promised)
    {
        lock (_gate)
        {
            return Math.Max(0, Math.Min(total - _all - promised, perHost - _taken.GetValueOrDefault(host)));
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
