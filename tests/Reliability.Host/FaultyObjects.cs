using Pipeline.Storage.Objects;

namespace Pipeline.Reliability.Host;

/// <summary>An object store whose next calls are slow or fail, when told to.</summary>
internal sealed class FaultyObjects : IObjectStore
{
    private const int Eio = 5;
    private const int Enospc = 28;

    private readonly Lock _gate = new();
    private IObjectStore _inner = null!;
    private string _fault = "none";
    private int _left;
    private int _delayMs;

    /// <summary>Stands before <paramref name="inner"/> from now on.</summary>
    public FaultyObjects Before(IObjectStore inner)
    {
        _inner = inner;
        return this;
    }

    /// <summary>Lets the next <paramref name="count"/> calls suffer.</summary>
    public void Order(string fault, int count, int delayMs)
    {
        lock (_gate)
        {
            (_fault, _left, _delayMs) = (fault, count, delayMs);
        }
    }

    public async Task<StoredObject> PutAsync(Stream content, CancellationToken cancellation)
    {
        await SufferAsync(cancellation);
        return await _inner.PutAsync(content, cancellation);
    }

    public async Task<StoredObject> AdoptAsync(string file, CancellationToken cancellation)
    {
        await SufferAsync(cancellation);
        return await _inner.AdoptAsync(file, cancellation);
    }

    public async Task<Stream> OpenAsync(string sha256, long offset, long? length, CancellationToken cancellation)
    {
        await SufferAsync(cancellation);
        return await _inner.OpenAsync(sha256, offset, length, cancellation);
    }

    public Task<long?> HeadAsync(string sha256, CancellationToken cancellation) => _inner.HeadAsync(sha256, cancellation);

    public Task<LocalObject> LocalAsync(string sha256, CancellationToken cancellation) => _inner.LocalAsync(sha256, cancellation);

    public Task DeleteAsync(string sha256, CancellationToken cancellation) => _inner.DeleteAsync(sha256, cancellation);

    private async Task SufferAsync(CancellationToken cancellation)
    {
        string fault;
        int delayMs;
        lock (_gate)
        {
            if (_left == 0)
            {
                return;
            }

            _left--;
            (fault, delayMs) = (_fault, _delayMs);
        }

        await Task.Delay(delayMs, cancellation);
        if (fault is "eio" or "enospc")
        {
            throw new IOException(fault == "eio" ? "Input/output error" : "No space left on device", fault == "eio" ? Eio : Enospc);
        }
    }
}
