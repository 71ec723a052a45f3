using Microsoft.Extensions.AI;
using Pipeline.Storage.State;

namespace Pipeline.Index.Tests;

/// <summary>A store with the index's tables, and a way to open an index on it; the suite runs once for each.</summary>
public abstract class IndexBackEnd : IAsyncDisposable
{
    public abstract IDatabase Database { get; }

    public abstract ISearchIndex Open(IEmbeddingGenerator<string, Embedding<float>> generator);

    public abstract ValueTask DisposeAsync();
}
