using Pipeline.Storage.State;

namespace Pipeline.Storage.Moving;

/// <summary>What of a store's rows is moved, and how what each engine keeps in its own way comes along.</summary>
public sealed record MovingRows
{
    /// <summary>The tables of the new place, in the order of their migrations.</summary>
    public required IReadOnlyList<Table> Tables { get; init; }

    /// <summary>Tables of the old place that are not copied, since the new one keeps what they hold in a form of its own.</summary>
    public required IReadOnlySet<string> Apart { get; init; }

    /// <summary>Brings what the tables apart hold, and says what arrived. All other rows are there already.</summary>
    public required Func<IQuery, ITransaction, ValueTask<IReadOnlyList<TableCheck>>> BringApart { get; init; }

    /// <summary>Looks at the new place before anything is committed, and says in words what is wrong.</summary>
    public required Func<IQuery, ValueTask<IReadOnlyList<string>>> Examine { get; init; }
}
