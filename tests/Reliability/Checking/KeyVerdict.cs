namespace Pipeline.Reliability.Checking;

/// <summary>What the checker found.</summary>
public enum Finding
{
    /// <summary>There is an order of the operations that explains every answer.</summary>
    Ok,

    /// <summary>There is none.</summary>
    Violated,

    /// <summary>Time or room ran out before either was shown.</summary>
    Undecided,
}

/// <summary>The answer about the history of one key.</summary>
/// <param name="Key">The object.</param>
/// <param name="Finding">What was found.</param>
/// <param name="Operations">How many operations the history has.</param>
/// <param name="Prefix">Ids of the longest order found, first to last; for <see cref="Finding.Ok"/> the whole explanation.</param>
/// <param name="StuckOn">Id of the first operation, by return time, that no order explains; null when ok.</param>
/// <param name="StateBefore">The state after <paramref name="Prefix"/>, for people.</param>
/// <param name="Configurations">How many different positions were looked at.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record KeyVerdict(
    string Key, Finding Finding, int Operations, IReadOnlyList<int> Prefix, int? StuckOn, string StateBefore, long Configurations, TimeSpan Elapsed);
