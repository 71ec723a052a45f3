using System.Collections.Concurrent;
using Pipeline.Index.Embeddings;
using Pipeline.Storage.State;

namespace Pipeline.Index.Vectors;

/// <summary>
/// The scopes whose vectors are in memory. A scope is read at its first query; afterwards only the sources that changed are. A source that
/// was embedded by another generator than today's is embedded again here, before it is searched: no query compares vectors of two kinds.
/// </summary>
internal sealed class VectorScopes(IDatabase database, Embedder embedder, Reembedding reembedding) : IDisposable
{
    private readonly ConcurrentDictionary<(string Scope, int Dimensions), VectorScope> _scopes = new();

    /// <summary>The scope as of now or later; null when it has never held anything.</summary>
    public async Task<VectorScope?> FreshAsync(string scope, int dimensions, CancellationToken cancellation)
    {
        var row = await database.ReadAsync(query => ScopesTable.FindAsync(query, scope), cancellation).ConfigureAwait(false);
        if (row is null)
        {
            return null;
        }

        var held = _scopes.GetOrAdd((scope, dimensions), static key => new VectorScope(key.Dimensions));
        await held.Gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            while (held.Revision < row.Revision)
            {
                var identity = embedder.Identity(dimensions);
                foreach (var source in await CatchUpAsync(held, scope, identity, cancellation).ConfigureAwait(false))
                {
                    await reembedding.RunAsync(scope, source, identity, cancellation).ConfigureAwait(false);
                }
            }

            return held;
        }
        finally
        {
            held.Gate.Release();
        }
    }

    public void Dispose()
    {
        foreach (var scope in _scopes.Values)
        {
            scope.Dispose();
        }
    }

    // Reads what changed since, and returns the sources whose vectors are of another kind; the revision is reached only when there are none.
    private Task<List<SourceRow>> CatchUpAsync(VectorScope held, string scope, string identity, CancellationToken cancellation) =>
        database.ReadAsync<List<SourceRow>>(async query =>
        {
            var foreign = new List<SourceRow>();
            var row = (await ScopesTable.FindAsync(query, scope).ConfigureAwait(false))!;
            foreach (var source in await SourcesTable.ChangedAsync(query, row.ScopeId, held.Revision).ConfigureAwait(false))
            {
                cancellation.ThrowIfCancellationRequested();
                if (source.Entries > 0 && source.Embedding != identity)
                {
                    foreign.Add(source);
                }
                else if (foreign.Count == 0)
                {
                    held.Replace(source, source.Entries == 0 ? [] : await SqliteVectorTable.OfSourceAsync(query, source.SourceId).ConfigureAwait(false));
                }
            }

            held.Revision = foreign.Count == 0 ? row.Revision : held.Revision;
            return foreign;
        }, cancellation);
}
