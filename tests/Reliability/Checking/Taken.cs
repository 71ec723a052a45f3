namespace Pipeline.Reliability.Checking;

/// <summary>A small set of operations: those that have taken effect before they returned. By value, ordered, immutable.</summary>
internal sealed class Taken : IEquatable<Taken>
{
    public static readonly Taken None = new([]);

    private readonly int[] _places;
    private readonly int _hash;

    private Taken(int[] places)
    {
        _places = places;
        var hash = new HashCode();
        foreach (var place in places)
        {
            hash.Add(place);
        }

        _hash = hash.ToHashCode();
    }

    public bool Has(int place) => Array.BinarySearch(_places, place) >= 0;

    public Taken With(int place)
    {
        var at = ~Array.BinarySearch(_places, place);
        return new([.. _places.AsSpan(0, at), place, .. _places.AsSpan(at)]);
    }

    public Taken Without(int place)
    {
        var at = Array.BinarySearch(_places, place);
        return new([.. _places.AsSpan(0, at), .. _places.AsSpan(at + 1)]);
    }

    public bool Equals(Taken? other) => other is not null && _hash == other._hash && _places.AsSpan().SequenceEqual(other._places);

    public override bool Equals(object? obj) => Equals(obj as Taken);

    public override int GetHashCode() => _hash;
}
