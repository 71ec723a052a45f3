using Pipeline.Index;
using Pipeline.Storage.State;
using Pipeline.Tools.Events;

namespace Pipeline.Tools.Search;

/// <summary>Takes a deleted asset out of the index in the transaction of its deletion.</summary>
internal sealed class DeletedAssets(ISearchIndex index) : IEventSink
{
    public async ValueTask OnAppendedAsync(ITransaction tx, Event happened)
    {
        if (happened is { Kind: "asset.deleted", Subject: { } subject })
        {
            await index.RemoveAsync(tx, happened.Workspace, subject[(happened.Workspace.Length + 1)..]).ConfigureAwait(false);
        }
    }
}
