namespace Pipeline.Tools.Contract;

/// <summary>There is no such thing, or none that this caller may know of.</summary>
public sealed class NotFoundError : ToolError
{
    public NotFoundError(string kind, string name, string? next = null) : base("not_found", $"There is no {kind} '{name}' that you can see.")
    {
        Kind = kind;
        Facts = new { kind, name };
        Next = next;
    }

    /// <summary>What was looked for: asset, workspace, run, ...</summary>
    public string Kind { get; }
}
