using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Tools.Runs;

/// <summary>
/// Remembers what was used last, by name, up to a weight. In two halves, as a cheap stand-in for an exact order of use: what is used moves into the
/// young half; when that is full it becomes the old one, and what was left in the old one is forgotten.
/// </summary>
/// <param name="mostWeight">Of one half.</param>
public sealed class Recent<T>(long mostWeight)
{
    private readonly Lock _gate = new();
    private Dictionary<string, (T Value, long Weight)> _young = new(StringComparer.Ordinal);
    private Dictionary<string, (T Value, long Weight)> _old = new(StringComparer.Ordinal);
    private long _weight;

    /// <summary>What is remembered under a name.</summary>
    public bool TryGet(string name, [MaybeNullWhen(false)] out T value)
    {
        lock (_gate)
        {
            if (_young.TryGetValue(name, out var known))
            {
                value = known.Value;
                return true;
            }

            if (_old.TryGetValue(name, out known))
            {
                Put(name, known);
                value = known.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Remembers it, in place of what had the name.</summary>
    public void Keep(string name, T value, long weight)
    {
        lock (_gate)
        {
            Put(name, (value, weight));
        }
    }

    private void Put(string name, (T Value, long Weight) one)
    {
        _old.Remove(name);
        _weight += one.Weight - (_young.TryGetValue(name, out var before) ? before.Weight : 0);
        _young[name] = one;
        if (_weight > mostWeight)
        {
            (_old, _young, _weight) = (_young, new(StringComparer.Ordinal), 0);
        }
    }
}
