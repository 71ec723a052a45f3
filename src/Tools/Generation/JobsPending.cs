using Pipeline.Storage.State;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Generation;

/// <summary>Jobs that go on by themselves keep the server.</summary>
internal sealed class JobsPending : IPendingWork
{
    public async ValueTask<bool> AnyAsync(IQuery query) => await JobsTable.NextDueAsync(query).ConfigureAwait(false) is not null;
}
