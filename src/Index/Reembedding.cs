using Pipeline.Index.Embeddings;
using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>Makes the vectors of a source again that were made by another generator than today's: no query compares vectors of two kinds.</summary>
internal sealed class Reembedding(IDatabase database, Embedder embedder, IEntryStore store)
{
    /// <summary>Embeds the source's texts outside any transaction and writes the vectors, unless the source has changed meanwhile.</summary>
    /// <param name="scope">The scope's name.</param>
    /// <param name="source">As it was read.</param>
    /// <param name="identity">What the vectors must be of (<see cref="Embedder.Identity"/>).</param>
    /// <param name="cancellation">Gives up; what is written stays.</param>
    public async Task RunAsync(string scope, SourceRow source, string identity, CancellationToken cancellation)
    {
        var rows = await database.ReadAsync(query => EntriesTable.TextsAsync(query, source.SourceId), cancellation).ConfigureAwait(false);
        var vectors = await embedder.EmbedAsync([.. rows.Select(row => row.Text)], cancellation).ConfigureAwait(false);
        if (vectors.Count > 0 && embedder.Identity(vectors[0].Length) != identity)
        {
            throw new EmbeddingFailedException(identity, $"it made a vector of {vectors[0].Length} values just after making others");
        }

        await database.TransactAsync(scope, async tx =>
        {
            var advanced = await ScopesTable.AdvanceAsync(tx, scope).ConfigureAwait(false);
            if (await SourcesTable.RenameEmbeddingAsync(tx, source, advanced.Revision, identity).ConfigureAwait(false))
            {
                await store.EmbedAsync(tx, advanced.ScopeId, source, rows, vectors).ConfigureAwait(false);
            }

            return true;
        }, cancellation).ConfigureAwait(false);
    }
}
