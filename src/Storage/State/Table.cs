namespace Pipeline.Storage.State;

/// <summary>A table's name and its migrations, oldest first. A migration that has landed is never edited: append another.</summary>
/// <param name="Name">The name under which the store remembers how many migrations have run.</param>
/// <param name="Migrations">SQL scripts; <c>{identity}</c> stands for the engine's growing integer key column type.</param>
public sealed record Table(string Name, params IReadOnlyList<string> Migrations);
