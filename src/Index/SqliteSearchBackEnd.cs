using Pipeline.Index.Vectors;
using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>Questions answered from SQLite's rows and the vectors in memory.</summary>
internal sealed class SqliteSearchBackEnd(IDatabase database, VectorScopes scopes) : ISearchBackEnd
{
    public async Task<IReadOnlyList<SearchHit>> ReadAsync(
        Question question, Func<IQuery, ISearchSides, ValueTask<IReadOnlyList<SearchHit>>> answer, CancellationToken cancellation)
    {
        var scope = await scopes.FreshAsync(question.Query.Scope, question.Vector.Length, cancellation).ConfigureAwait(false);
        return scope is null ? [] : await database.ReadAsync(async rows =>
        {
            var scopeId = (await ScopesTable.FindAsync(rows, question.Query.Scope).ConfigureAwait(false))!.ScopeId;
            var filter = new QueryFilter(question.Query, scopeId);
            var frequencies = await SqliteTextTable.FrequenciesAsync(rows, scopeId, question.RankingTerms, filter.AnyVersion).ConfigureAwait(false);
            var (entries, terms) = scope.Size;
            return await answer(rows, new SqliteSearchSides(rows, scope, scopeId, question, filter, new(entries, terms, frequencies))).ConfigureAwait(false);
        }, cancellation).ConfigureAwait(false);
    }
}
