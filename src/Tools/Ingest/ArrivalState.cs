using Pipeline.Storage.State;
using Pipeline.Tools.Assets;

namespace Pipeline.Tools.Ingest;

/// <summary>Tells get_asset that a version still waits to be indexed, or why it could not be.</summary>
internal sealed class ArrivalState : IIndexState
{
    public async ValueTask<IndexState?> FindAsync(IQuery query, AssetRow row) =>
        await ArrivalsTable.FindAsync(query, row.Workspace, row.Path, row.Version).ConfigureAwait(false) is { } arrival
            ? new(arrival.DueAtMs is null ? "failed" : "queued", Note: arrival.Note)
            : null;
}
