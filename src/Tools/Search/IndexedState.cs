using Pipeline.Index;
using Pipeline.Storage.State;
using Pipeline.Tools.Assets;

namespace Pipeline.Tools.Search;

/// <summary>Tells get_asset what the index holds of a version.</summary>
internal sealed class IndexedState(ISearchIndex index) : IIndexState
{
    public async ValueTask<IndexState?> FindAsync(IQuery query, AssetRow row)
    {
        var counts = await index.CountAsync(query, row.Workspace, row.Path, row.Version).ConfigureAwait(false);
        return counts.Count == 0 ? null : new("indexed", counts.ToDictionary(pair => pair.Key.Name(), pair => pair.Value));
    }
}
