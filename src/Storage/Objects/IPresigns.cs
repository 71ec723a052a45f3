namespace Pipeline.Storage.Objects;

/// <summary>
/// A store that clients reach themselves, by signed addresses that expire. What they send lies beside the objects, under a name of the
/// upload's own, until it is taken: nobody outside can write under a hash.
/// </summary>
public interface IPresigns
{
    /// <summary>The largest upload that fits one request.</summary>
    long MostUploadBytes { get; }

    /// <summary>Whether the store was seen to honour signed addresses.</summary>
    Task<bool> CanAsync(CancellationToken cancellation);

    /// <summary>Where one client may send one body of exactly this size and, if <paramref name="sha256"/> is given, of this hash.</summary>
    PresignedUpload SignUpload(string name, long sizeBytes, string? sha256, TimeSpan valid);

    /// <summary>Where to get one object, as a file to keep and never as a page to show.</summary>
    Uri SignDownload(string sha256, string fileName, string mediaType, TimeSpan valid);

    /// <summary>The size of what was sent; null while there is nothing.</summary>
    Task<long?> ArrivedAsync(string name, CancellationToken cancellation);

    /// <summary>Makes an object of what was sent, under the hash of the bytes that we read ourselves. What was sent stays until it is dropped.</summary>
    /// <exception cref="FileNotFoundException">There is nothing.</exception>
    Task<StoredObject> TakeAsync(string name, CancellationToken cancellation);

    /// <summary>Removes what was sent.</summary>
    Task DropAsync(string name, CancellationToken cancellation);

    /// <summary>Removes what was sent, or was being made, longer ago than <paramref name="grace"/>; returns how much it was.</summary>
    Task<long> ClearAsync(TimeSpan grace, CancellationToken cancellation);
}

/// <summary>Where and how to send an upload.</summary>
/// <param name="Url">For one PUT of the whole.</param>
/// <param name="Headers">To be sent with it, as they are.</param>
public sealed record PresignedUpload(Uri Url, IReadOnlyDictionary<string, string> Headers);
