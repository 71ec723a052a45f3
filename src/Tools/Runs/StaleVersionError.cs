using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Runs;

/// <summary>The version to be approved is not the one that the step waits with, or is no longer the asset's current one.</summary>
public sealed class StaleVersionError : ToolError
{
    public StaleVersionError(string asked, string waiting, long? current) : base("stale_version",
        current is null ? $"The step waits with {waiting}, which is deleted. Reject it, so that it is made again."
        : asked != waiting ? $"The step waits with {waiting}, not with {asked}. Look at that version."
        : $"{waiting} is no longer current: version {current} is. Reject it, so that it is made again, or restore it.") =>
        Facts = new { asset = asked, waiting, current_version = current };
}
