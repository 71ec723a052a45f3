using Pipeline.Storage.State;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Runs;

/// <summary>Steps in a worker's hands, and steps that rest before another attempt. A ready step that nobody asks for keeps nobody up: it is still there when someone comes.</summary>
internal sealed class PendingSteps : IPendingWork
{
    public async ValueTask<bool> AnyAsync(IQuery query) => await StepsTable.NextDueAsync(query, null).ConfigureAwait(false) is not null;
}
