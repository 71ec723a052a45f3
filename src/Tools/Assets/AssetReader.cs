using Pipeline.Storage.Objects;
using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Assets;

/// <summary>Finds the version that an address names, for a caller that may see it, and opens its bytes.</summary>
public sealed class AssetReader(Call call, IObjectStore objects)
{
    /// <summary>The version named, or the current one.</summary>
    public async ValueTask<AssetRow> RequireAsync(IQuery query, AssetName name)
    {
        await WorkspacesTable.RequireAsync(query, call.Caller, name.Workspace).ConfigureAwait(false);
        return await AssetsTable.FindAsync(query, name).ConfigureAwait(false)
            ?? throw (await AssetsTable.FindExpiredAsync(query, name).ConfigureAwait(false) is { } gone ? new AssetExpiredError(gone) : new NotFoundError("asset", name.ToString(), "list_assets"));
    }

    /// <summary>The version named by <paramref name="asset"/>, looked up on its own.</summary>
    public Task<AssetRow> FindAsync(string asset, CancellationToken cancellation)
    {
        var name = AssetName.Parse(asset);
        return call.Database.ReadAsync(query => RequireAsync(query, name), cancellation);
    }

    /// <summary>A stream over a range of the version's bytes.</summary>
    public Task<Stream> OpenAsync(AssetRow row, long offset, long? length, CancellationToken cancellation) =>
        objects.OpenAsync(row.Sha256, offset, length, cancellation);

    /// <summary>A local file with the version's bytes, for programs that need one.</summary>
    public Task<LocalObject> LocalAsync(AssetRow row, CancellationToken cancellation) => objects.LocalAsync(row.Sha256, cancellation);
}
