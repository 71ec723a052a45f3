using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Assets;

/// <summary>A file is in the way.</summary>
public sealed class AlreadyExistsError : ToolError
{
    public AlreadyExistsError(string path) : base("already_exists", $"There is a file '{path}' already; take another name, or say overwrite=true.") => Facts = new { path };
}
