namespace Pipeline.Tools.Contract;

/// <summary>Another version is current than the one the caller built on.</summary>
public sealed class VersionConflictError : ToolError
{
    /// <param name="subject">The asset or workspace.</param>
    /// <param name="expected">What the caller asked for; 0 for "must not exist".</param>
    /// <param name="actual">What is current; 0 when there is none.</param>
    public VersionConflictError(string subject, long expected, long actual) : base("version_conflict",
        $"'{subject}' is at version {actual}, not {expected} (0 means that it does not exist). Read it again and decide on what is there now.") =>
        Facts = new { subject, expected, actual };
}
