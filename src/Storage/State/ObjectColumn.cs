namespace Pipeline.Storage.State;

/// <summary>Where rows name the objects that they need: an object whose name stands in one of these is never swept.</summary>
/// <param name="Table">The SQL table.</param>
/// <param name="Column">Its column; null where a row names none.</param>
/// <param name="While">A condition on the row, in SQL, outside which it needs its object no more.</param>
public sealed record ObjectColumn(string Table, string Column, string While = "true");
