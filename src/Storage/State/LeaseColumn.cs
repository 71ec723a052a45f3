namespace Pipeline.Storage.State;

/// <summary>Where the end of a lease is stored, in milliseconds.</summary>
/// <param name="Table">The SQL table.</param>
/// <param name="Column">Its column.</param>
public sealed record LeaseColumn(string Table, string Column);
