namespace Pipeline.Tools.Contract;

/// <summary>What the house needs to know of a tool beyond its schema.</summary>
/// <param name="toolset">The group that it belongs to.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ToolAttribute(Toolset toolset) : Attribute
{
    public Toolset Toolset { get; } = toolset;

    /// <summary>True when it changes something: it then takes <c>idempotency_key</c> and <c>agent</c>, and a read-only server hides it.</summary>
    public bool Changes { get; init; }

    /// <summary>True when it writes an asset, its metadata or its index: it then takes <c>lock_token</c>, <c>if_version</c> and <c>claim</c>.</summary>
    public bool Writes { get; init; }

    /// <summary>True when <c>agent</c> and <c>idempotency_key</c> are worth a model's attention and stand in the schema (locks and runs).</summary>
    public bool ShowsIdentity { get; init; }

    /// <summary>True when only an administrator may call it.</summary>
    public bool Admin { get; init; }

    /// <summary>True when it answers a repeated intent itself, because the answer must say how things are now; a stored one would be stale.</summary>
    public bool AnswersRepeats { get; init; }
}
