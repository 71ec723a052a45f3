namespace Pipeline.Storage.Objects;

/// <summary>Content-addressed bytes: an object's name is the SHA-256 of what it holds, so writing it twice is writing it once.</summary>
public interface IObjectStore
{
    /// <summary>Stores the stream to its end, durably, without holding it in memory, and returns its name and size.</summary>
    Task<StoredObject> PutAsync(Stream content, CancellationToken cancellation);

    /// <summary>Stores a finished local file, moving it where the store can; the file is gone afterwards.</summary>
    Task<StoredObject> AdoptAsync(string file, CancellationToken cancellation);

    /// <summary>A stream over <paramref name="length"/> bytes from <paramref name="offset"/>; the rest is never read. Null length: to the end. It is read asynchronously.</summary>
    /// <exception cref="FileNotFoundException">No such object.</exception>
    Task<Stream> OpenAsync(string sha256, long offset, long? length, CancellationToken cancellation);

    /// <summary>The object's size in bytes, or null when there is none.</summary>
    Task<long?> HeadAsync(string sha256, CancellationToken cancellation);

    /// <summary>A read-only local file with the object's bytes, for programs that need a path. Dispose it when done.</summary>
    Task<LocalObject> LocalAsync(string sha256, CancellationToken cancellation);

    /// <summary>Removes the object; nothing happens when there is none.</summary>
    Task DeleteAsync(string sha256, CancellationToken cancellation);
}
