namespace Pipeline.Storage.Objects;

/// <summary>The care of a store of objects: to look at all of it, to hold objects against their names, to clear away what nobody names.</summary>
public interface IObjectKeep
{
    /// <summary>All objects, in no order; what comes and goes meanwhile may be among them or not.</summary>
    IAsyncEnumerable<ObjectEntry> ListAsync(CancellationToken cancellation);

    /// <summary>Reads the object to its end, past every cache of ours, and says what is wrong with it.</summary>
    Task<ObjectState> CheckAsync(string sha256, CancellationToken cancellation);

    /// <summary>
    /// Removes the object, unless it was put within <paramref name="grace"/>: whoever puts the same bytes at this moment keeps them.
    /// True when it is gone.
    /// </summary>
    Task<bool> SweepAsync(string sha256, TimeSpan grace, CancellationToken cancellation);
}

/// <summary>An object in the store.</summary>
/// <param name="Sha256">Its name.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="Age">Since it was last put.</param>
public sealed record ObjectEntry(string Sha256, long SizeBytes, TimeSpan Age);

/// <summary>What a look at an object's bytes found.</summary>
/// <param name="SizeBytes">Its size; null when it is not there.</param>
/// <param name="IsWhole">Whether its bytes are those that its name stands for.</param>
public sealed record ObjectState(long? SizeBytes, bool IsWhole);
