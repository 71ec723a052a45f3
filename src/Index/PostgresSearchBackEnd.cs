using Pipeline.Index.Embeddings;
using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>Questions answered from PostgreSQL alone: a node remembers nothing that another could make stale.</summary>
internal sealed class PostgresSearchBackEnd(IDatabase database, Embedder embedder, Reembedding reembedding) : ISearchBackEnd
{
    public async Task<IReadOnlyList<SearchHit>> ReadAsync(
        Question question, Func<IQuery, ISearchSides, ValueTask<IReadOnlyList<SearchHit>>> answer, CancellationToken cancellation)
    {
        var identity = embedder.Identity(question.Vector.Length);
        while (true)
        {
            var hits = await database.ReadAsync(async rows =>
            {
                var scope = await PostgresScopeTable.FindAsync(rows, question, identity, question.Query.Version is not null).ConfigureAwait(false);
                return scope switch
                {
                    null => [],
                    { HasForeign: true } => null,
                    _ => await answer(rows, new PostgresSearchSides(rows, scope, question, new QueryFilter(question.Query, scope.ScopeId))).ConfigureAwait(false),
                };
            }, cancellation).ConfigureAwait(false);
            if (hits is not null)
            {
                return hits;
            }

            foreach (var source in await database.ReadAsync(rows => SourcesTable.ForeignAsync(rows, question.Query.Scope, identity), cancellation).ConfigureAwait(false))
            {
                await reembedding.RunAsync(question.Query.Scope, source, identity, cancellation).ConfigureAwait(false);
            }
        }
    }
}
