namespace Pipeline.Storage.State;

/// <summary>The few places where the engines' SQL truly differs.</summary>
/// <param name="Engine">The engine's name, for people.</param>
/// <param name="Identity">Type of a growing integer primary key column.</param>
/// <param name="SkipLocked">Clause that lets concurrent claims pass over each other's rows; empty where writers are serial.</param>
public sealed record Dialect(string Engine, string Identity, string SkipLocked)
{
    /// <summary>Fills the placeholders of a migration.</summary>
    public string Render(string migration) => migration.Replace("{identity}", Identity, StringComparison.Ordinal);
}
