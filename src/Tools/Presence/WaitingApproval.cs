using Pipeline.Storage.State;
using Pipeline.Tools.Runs;

namespace Pipeline.Tools.Presence;

/// <summary>A step that waits for a human's approve_step.</summary>
/// <param name="Asset">The version to look at; absent when the question is whether it may spend.</param>
/// <param name="MadeBy">The agent whose result it is; its principal may not approve it, unless it is an admin.</param>
public sealed record WaitingApproval(string RunId, string StepId, string Workspace, string Capability, string? Asset, string? MadeBy)
{
    internal static async ValueTask<WaitingApproval> FromAsync(IQuery query, StepRow row)
    {
        var asset = Approving.Version(row.Snapshot());
        var attempt = asset is null ? null : await AttemptsTable.FindAsync(query, row.RunId, row.StepId, row.Generation).ConfigureAwait(false);
        return new(row.RunId, row.StepId, row.Workspace, row.Capability, asset, attempt?.Agent);
    }
}
