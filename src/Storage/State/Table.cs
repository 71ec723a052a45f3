namespace Pipeline.Storage.State;

/// <summary>A table's name and its migrations, oldest first. A migration that has landed is never edited: append another.</summary>
/// <param name="Name">The name under which the store remembers how many migrations have run.</param>
/// <param name="Migrations">SQL scripts; <c>{identity}</c> stands for the engine's growing integer key column type.</param>
public sealed record Table(string Name, params IReadOnlyList<string> Migrations)
{
    /// <summary>
    /// Columns with the time, on the store's clock, at which a lease runs out. A store whose clock stood still while it was closed moves them on by
    /// that much when it is opened.
    /// </summary>
    public IReadOnlyList<LeaseColumn> Leases { get; init; } = [];

    /// <summary>
    /// Tables whose rows mean something only while the process that wrote them lives. A store with one owner empties them when it is opened.
    /// </summary>
    public IReadOnlyList<string> EmptiedAtOpening { get; init; } = [];

    /// <summary>Columns that name objects: what stands in one of them is never swept.</summary>
    public IReadOnlyList<ObjectColumn> Objects { get; init; } = [];
}
