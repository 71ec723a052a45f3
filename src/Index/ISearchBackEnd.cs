using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>A store that a question is answered from.</summary>
internal interface ISearchBackEnd
{
    /// <summary>
    /// Runs <paramref name="answer"/> over one snapshot of the question's scope in which all vectors are comparable with the question's; no hits
    /// when the scope has never held anything.
    /// </summary>
    Task<IReadOnlyList<SearchHit>> ReadAsync(
        Question question, Func<IQuery, ISearchSides, ValueTask<IReadOnlyList<SearchHit>>> answer, CancellationToken cancellation);
}
