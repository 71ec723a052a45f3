using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Costs;

/// <summary>The workspace of a run that the caller sees.</summary>
internal static class RunPlace
{
    /// <exception cref="NotFoundError">There is none.</exception>
    public static async ValueTask<string> OfAsync(IQuery query, IEnumerable<IRunDirectory> runs, Caller caller, string runId)
    {
        foreach (var directory in runs)
        {
            if (await directory.WorkspaceOfAsync(query, runId).ConfigureAwait(false) is { } found && caller.Sees(found))
            {
                return found;
            }
        }

        throw new NotFoundError("run", runId);
    }
}
