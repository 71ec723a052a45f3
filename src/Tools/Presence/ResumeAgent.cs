using ModelContextProtocol.Server;
using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Events;
using Pipeline.Tools.Locks;
using Pipeline.Tools.Runs;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Presence;

[Tool(Toolset.Runs, Changes = true, ShowsIdentity = true, AnswersRepeats = true)]
internal sealed partial class ResumeAgent(Call call)
{
    private const int MostEvents = 50;
    private const int MostReady = 50;

    /// <summary>Call once after a restart: your locks with tokens, claimed steps with generations, files ready, and what happened since.</summary>
    [McpServerTool(Name = "resume_agent", Title = "Resume agent", ReadOnly = false, Destructive = false, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<Resumed> RunAsync(CancellationToken cancellation = default) =>
        await call.Database.RelieveAsync(async tx =>
        {
            var (principal, agent) = (call.Caller.Principal, call.Agent);
            var locks = await LocksTable.OfAgentAsync(tx, principal, agent).ConfigureAwait(false);
            var claimed = await StepsTable.ClaimedByAsync(tx, new WorkerName(principal, agent).ToString()).ConfigureAwait(false);
            var seen = (await SightingsTable.OfAgentAsync(tx, principal, agent).ConfigureAwait(false)).ToDictionary(row => row.Workspace, StringComparer.Ordinal);
            var news = new List<WorkspaceNews>();
            var ready = new List<ReadyFile>();
            foreach (var workspace in (await WorkspacesTable.AllAsync(tx).ConfigureAwait(false)).Select(row => row.Workspace).Where(call.Caller.Sees))
            {
                ready.AddRange(ReadyFiles.Of(await StepsTable.ReadyAsync(tx, workspace, MostReady).ConfigureAwait(false)));
                news.Add(await NewsAsync(tx, workspace, seen.GetValueOrDefault(workspace)).ConfigureAwait(false));
            }

            return new Resumed(
                principal, agent, [.. locks.Where(row => call.Caller.Sees(row.Workspace)).Select(row => HeldLock.From(row, tx.NowMs))],
                [.. claimed.Where(row => call.Caller.Sees(row.Workspace)).Select(row => HeldStep.From(row, tx.NowMs))], ready, [], [], news);
        }, cancellation).ConfigureAwait(false);

    private async ValueTask<WorkspaceNews> NewsAsync(ITransaction tx, string workspace, SightingRow? seen)
    {
        var events = seen is null ? [] : await EventsTable.AfterAsync(tx, workspace, seen.Cursor, null, MostEvents + 1).ConfigureAwait(false);
        var shown = events.Take(MostEvents).ToList();
        var cursor = shown.Count > 0 ? shown[^1].Cursor : seen?.Cursor ?? await EventsTable.NewestAsync(tx, workspace).ConfigureAwait(false);
        await SightingsTable.SeeAsync(tx, call.Caller.Principal, call.Agent, workspace, cursor).ConfigureAwait(false);
        return new(workspace, Instant.From(seen?.SeenAtMs), cursor, events.Count > MostEvents, [.. shown.Select(NewsItem.From)]);
    }
}
