namespace Pipeline.Storage.Moving;

/// <summary>What came of filling a database.</summary>
/// <param name="Tables">Each table before and after.</param>
/// <param name="Wrong">What else is wrong there, in words.</param>
public sealed record FilledHouse(IReadOnlyList<TableCheck> Tables, IReadOnlyList<string> Wrong)
{
    /// <summary>Whether everything arrived as it was. If not, nothing was committed.</summary>
    public bool Same => Wrong.Count == 0 && Tables.All(table => table.Same);
}
