using Pipeline.Storage.State;

namespace Pipeline.Bench.Loads;

/// <summary>One statement that a search ran.</summary>
/// <param name="Sql">Its text.</param>
/// <param name="Rows">What it answered.</param>
/// <param name="AgainAsync">Runs it again with the same parameters.</param>
internal sealed record RecordedStatement(string Sql, IReadOnlyList<object?> Rows, Func<IQuery, Task> AgainAsync)
{
    /// <summary>True for the statement that finds entries by words.</summary>
    public bool IsByWords => Sql.Contains("index_postings", StringComparison.Ordinal);

    /// <summary>True for the statement that finds entries by vectors.</summary>
    public bool IsByVector => Sql.Contains("as similarity", StringComparison.Ordinal) && !Sql.Contains("window_id", StringComparison.Ordinal);
}
