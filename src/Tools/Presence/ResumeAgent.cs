using ModelContextProtocol.Server;
using Pipeline.Storage.State;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Generation;
using Pipeline.Tools.Locks;
using Pipeline.Tools.Runs;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Presence;

[Tool(Toolset.Runs, Changes = true, ShowsIdentity = true, AnswersRepeats = true)]
internal sealed partial class ResumeAgent(Call call, Downloads downloads, UploadFiles uploads)
{
    private const int MostReady = 50;
    private const int MostJobs = 100;

    /// <summary>Call once after a restart: your locks with tokens, claimed steps with generations, files ready, approvals waiting, and what happened since.</summary>
    [McpServerTool(Name = "resume_agent", Title = "Resume agent", ReadOnly = false, Destructive = false, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<Resumed> RunAsync(CancellationToken cancellation = default)
    {
        var (principal, agent) = (call.Caller.Principal, call.Agent);
        var (resumed, fetching, sending, bought) = await call.Database.RelieveAsync(Scopes.Agent(principal, agent), async tx =>
        {
            var locks = await LocksTable.OfAgentAsync(tx, principal, agent).ConfigureAwait(false);
            var claimed = await StepsTable.ClaimedByAsync(tx, new WorkerName(principal, agent).ToString()).ConfigureAwait(false);
            var seen = (await SightingsTable.OfAgentAsync(tx, principal, agent).ConfigureAwait(false)).ToDictionary(row => row.Workspace, StringComparer.Ordinal);
            var news = new List<WorkspaceNews>();
            var ready = new List<ReadyFile>();
            var approvals = new List<WaitingApproval>();
            foreach (var workspace in (await WorkspacesTable.AllAsync(tx).ConfigureAwait(false)).Select(row => row.Workspace).Where(call.Caller.Sees))
            {
                ready.AddRange(await ReadyFiles.OfAsync(tx, await StepsTable.ReadyAsync(tx, workspace, MostReady).ConfigureAwait(false)).ConfigureAwait(false));
                foreach (var row in await StepsTable.WaitingApprovalAsync(tx, workspace, MostReady).ConfigureAwait(false))
                {
                    approvals.Add(await WaitingApproval.FromAsync(tx, row).ConfigureAwait(false));
                }

                news.Add(await News.TellAsync(tx, call, workspace, seen.GetValueOrDefault(workspace)).ConfigureAwait(false));
            }

            return (
                new Resumed(
                    principal, agent, [.. locks.Where(row => call.Caller.Sees(row.Workspace)).Select(row => HeldLock.From(row, tx.NowMs))],
                    [.. claimed.Where(row => call.Caller.Sees(row.Workspace)).Select(row => HeldStep.From(row, tx.NowMs))], ready, approvals, [], news),
                await DownloadsTable.OfAgentAsync(tx, principal, agent).ConfigureAwait(false),
                await UploadsTable.OpenOfAgentAsync(tx, principal, agent).ConfigureAwait(false),
                await JobsAsync(tx, principal, agent).ConfigureAwait(false));
        }, cancellation).ConfigureAwait(false);
        return resumed with
        {
            JobsInFlight =
            [
                .. fetching.Where(row => call.Caller.Sees(row.Workspace)).Select(row => JobInFlight.Of(row, downloads)),
                .. sending.Where(row => call.Caller.Sees(row.Workspace)).Select(row => JobInFlight.Of(row, uploads, call.BaseUrl)),
                .. bought.Where(row => call.Caller.Sees(row.Workspace)).Select(JobInFlight.Of),
            ],
        };
    }

    // An admin also hears of everyone's jobs that wait for a human.
    private async ValueTask<IEnumerable<JobRow>> JobsAsync(IQuery query, string principal, string agent)
    {
        var own = await JobsTable.OpenAsync(query, principal, agent, MostJobs).ConfigureAwait(false);
        return call.Caller.Role < Role.Admin ? own
            : own.Concat(await JobsTable.OpenAsync(query, null, null, MostJobs).ConfigureAwait(false)).DistinctBy(row => row.JobId);
    }
}
