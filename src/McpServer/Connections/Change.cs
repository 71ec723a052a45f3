namespace Pipeline.McpServer.Connections;

/// <summary>Something a client may want to look at again.</summary>
public enum ChangeKind
{
    /// <summary>The content behind one resource's address.</summary>
    Resource,

    /// <summary>The list of resources.</summary>
    ResourceList,

    /// <summary>The list of tools.</summary>
    ToolList,

    /// <summary>The list of prompts.</summary>
    PromptList,
}

/// <summary>A change as it is announced: the kind, and for <see cref="ChangeKind.Resource"/> its address.</summary>
public readonly record struct Change(ChangeKind Kind, string? Uri = null);
