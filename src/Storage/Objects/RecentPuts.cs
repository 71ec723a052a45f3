namespace Pipeline.Storage.Objects;

/// <summary>What this process has put lately, by a clock that no one sets.</summary>
internal sealed class RecentPuts(TimeProvider time)
{
    private const int MostRemembered = 1 << 16;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _put = new(StringComparer.Ordinal);

    public void Note(string name)
    {
        lock (_gate)
        {
            if (_put.Count >= MostRemembered)
            {
                Forget();
            }

            _put[name] = time.GetTimestamp();
        }
    }

    public bool Within(string name, TimeSpan grace)
    {
        lock (_gate)
        {
            return _put.TryGetValue(name, out var at) && time.GetElapsedTime(at) < grace;
        }
    }

    // The older half: for those the time on the object must do.
    private void Forget()
    {
        foreach (var (name, _) in _put.OrderBy(put => put.Value).Take(MostRemembered / 2).ToList())
        {
            _put.Remove(name);
        }
    }
}
