using Pipeline.Index;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Search;

/// <summary>Turns a hit's handle back into the version and the times that it stands for.</summary>
public sealed class HitFinder(Call call, ISearchIndex index, AssetReader reader)
{
    /// <summary>The version that was indexed and the moment in it.</summary>
    /// <exception cref="NotFoundError">The handle is of another's workspace, or its source was indexed again since.</exception>
    public async Task<(AssetRow Asset, StoredEntry Entry)> FindAsync(string hitId, CancellationToken cancellation)
    {
        var entry = await index.GetAsync(hitId, cancellation).ConfigureAwait(false);
        if (entry is null || !call.Caller.Sees(entry.Key.Scope))
        {
            throw new NotFoundError("hit", hitId, "query_index again: a hit lasts until its source is indexed again");
        }

        var name = new AssetName(entry.Key.Scope, entry.Key.Subject, entry.Key.Version);
        return (await call.Database.ReadAsync(query => reader.RequireAsync(query, name), cancellation).ConfigureAwait(false), entry);
    }
}
