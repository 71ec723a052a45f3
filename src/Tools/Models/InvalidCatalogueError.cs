using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Models;

/// <summary>A catalogue file that cannot be used; the message names the model and the field.</summary>
public sealed class InvalidCatalogueError : ToolError
{
    public InvalidCatalogueError(string message, object? facts = null) : base("invalid_catalogue", message) => Facts = facts;
}
