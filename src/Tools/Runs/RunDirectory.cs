using Pipeline.Storage.State;
using Pipeline.Tools.Costs;

namespace Pipeline.Tools.Runs;

/// <summary>Tells reports where a run belongs.</summary>
internal sealed class RunDirectory : IRunDirectory
{
    public async ValueTask<string?> WorkspaceOfAsync(IQuery query, string runId) => (await RunsTable.FindAsync(query, runId).ConfigureAwait(false))?.Workspace;
}
