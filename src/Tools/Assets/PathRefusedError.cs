using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Assets;

/// <summary>A path on the server's machine that this caller may not read or write.</summary>
public sealed class PathRefusedError : ToolError
{
    /// <param name="path">As the caller wrote it.</param>
    /// <param name="reason">What is wrong with it, as the end of a sentence that begins with the path.</param>
    /// <param name="setting">The setting that names what is allowed.</param>
    public PathRefusedError(string path, string reason, string setting) : base("path_refused",
        $"'{path}' {reason}. Name an absolute path under one of the directories that the operator lists in {setting}; the file itself counts, not a link to it.") =>
        Facts = new { path, reason };
}
