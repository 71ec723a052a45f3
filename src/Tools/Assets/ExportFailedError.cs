using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Assets;

/// <summary>The system refused to write the file.</summary>
public sealed class ExportFailedError : ToolError
{
    public ExportFailedError(string path, string reason) : base("export_failed", $"'{path}' could not be written: {reason} Nothing is left of it.") => Facts = new { path, reason };
}
