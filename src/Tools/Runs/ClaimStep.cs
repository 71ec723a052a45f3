using ModelContextProtocol.Server;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Runs;

[Tool(Toolset.Runs, Changes = true, ShowsIdentity = true, AnswersRepeats = true)]
internal sealed partial class ClaimStep(Call call, ClaimQueue queue)
{
    private const int MostCapabilities = 100;
    private const int LongestName = 128;

    /// <summary>Claims the step that waits longest for one of your capabilities. Renew its lease, name its claim when writing, then complete_step or fail_step.</summary>
    /// <param name="capabilities">What you can do.</param>
    /// <param name="workspace">All you see if left out.</param>
    /// <param name="wait_seconds">0-45: wait for one.</param>
    /// <param name="lease_seconds">1-3600.</param>
    [McpServerTool(Name = "claim_step", Title = "Claim step", ReadOnly = false, Destructive = false, Idempotent = false, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<ClaimResult> RunAsync(
        string[] capabilities, string? workspace = null, double wait_seconds = 0, double lease_seconds = 60, CancellationToken cancellation = default)
    {
        if (await call.EarlierAnswerAsync(cancellation).ConfigureAwait(false) is { } earlier && Wire.Read<ClaimResult>(earlier.Answer).Step is { } claimed)
        {
            return new(await queue.CurrentAsync(claimed, cancellation).ConfigureAwait(false));
        }

        if (capabilities.Length is < 1 or > MostCapabilities)
        {
            throw new InvalidArgumentError("capabilities", $"capabilities names 1 to {MostCapabilities}, not {capabilities.Length}.");
        }

        if (capabilities.FirstOrDefault(name => !Visible.IsName(name, LongestName)) is { } wrong)
        {
            throw new InvalidArgumentError("capabilities", $"A capability is 1 to {LongestName} visible characters, such as probe or x-credits, not '{wrong}'.");
        }

        var wait = Limits.Wait(wait_seconds);
        var leaseMs = Limits.LeaseMs(lease_seconds, "lease_seconds");
        if (workspace is not null)
        {
            await call.Database.ReadAsync(query => WorkspacesTable.RequireAsync(query, call.Caller, workspace), cancellation).ConfigureAwait(false);
        }

        return new(await queue.ClaimAsync(workspace, capabilities.Distinct().ToArray(), leaseMs, wait, cancellation).ConfigureAwait(false));
    }
}
