namespace Pipeline.Storage.Moving;

/// <summary>One table before and after its rows were brought elsewhere.</summary>
/// <param name="Table">Its name.</param>
/// <param name="Rows">How many rows it had.</param>
/// <param name="RowsThere">How many the new place has.</param>
/// <param name="Sum">Over all its rows (<see cref="RowSum"/>).</param>
/// <param name="SumThere">The same, read back from the new place.</param>
/// <param name="Highest">Columns of numbers that only grow, with the highest value before and after.</param>
public sealed record TableCheck(string Table, long Rows, long RowsThere, string Sum, string SumThere, IReadOnlyList<GrowingColumn> Highest)
{
    /// <summary>Whether the new place holds the same, and no counter there is behind.</summary>
    public bool Same => Rows == RowsThere && Sum == SumThere && Highest.All(column => column.There >= column.Here);
}

/// <summary>A counter: a token, a version, a cursor, a generation.</summary>
/// <param name="Column">Its column.</param>
/// <param name="Here">The highest value that was ever handed out, as far as the old place knows.</param>
/// <param name="There">The highest value after which the new place goes on.</param>
public sealed record GrowingColumn(string Column, long Here, long There);
