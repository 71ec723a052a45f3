using Pipeline.Storage.State;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Webhooks;

/// <summary>Deliveries that still have to arrive keep the server.</summary>
internal sealed class WebhooksPending : IPendingWork
{
    public async ValueTask<bool> AnyAsync(IQuery query) => await DeliveriesTable.NextDueAsync(query, []).ConfigureAwait(false) is not null;
}
