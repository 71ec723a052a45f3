using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Events;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Assets;

/// <summary>Writes versions of assets inside the caller's transaction: guard, head, version row, event.</summary>
public sealed class AssetWriter(Call call, WriteGuard guard, EventLog events)
{
    /// <summary>Makes <paramref name="next"/> the current version.</summary>
    public async ValueTask<AssetRow> WriteAsync(ITransaction tx, NewVersion next)
    {
        var target = await guard.CheckAsync(tx, next.Name).ConfigureAwait(false);
        if (next.Metadata is not null)
        {
            MetadataCheck.Require(target.Workspace.Schema(), next.Metadata);
        }

        var version = await AdvanceAsync(tx, next.Name, target, deleted: false).ConfigureAwait(false);
        var row = new AssetRow
        {
            Workspace = next.Name.Workspace,
            Path = next.Name.Path,
            Version = version,
            CurrentVersion = version,
            Sha256 = next.Content.Sha256,
            SizeBytes = next.Content.SizeBytes,
            MediaType = next.MediaType,
            Metadata = next.Metadata?.ToJsonString(Wire.Json) ?? "{}",
            Lineage = Wire.Write(Claimed(next.Lineage)),
            Principal = call.Caller.Principal,
            Agent = call.Agent,
            CreatedAtMs = tx.NowMs,
        };
        await AssetsTable.InsertVersionAsync(tx, row).ConfigureAwait(false);
        await events.AppendAsync(tx, row.Workspace, "asset.written", next.Name.Current,
            new { asset = next.Name.Current, row.Version, row.SizeBytes, row.MediaType, row.Sha256, call.Tool, call.Agent }).ConfigureAwait(false);
        return row;
    }

    /// <summary>Deletes the asset; its versions stay readable by number.</summary>
    public async ValueTask<AssetRow> DeleteAsync(ITransaction tx, AssetName name)
    {
        var target = await guard.CheckAsync(tx, name).ConfigureAwait(false);
        var newest = target.Newest is { Deleted: 0 } row ? row : throw new NotFoundError("asset", name.Current, "list_assets");
        if (name.Version is { } version && version != newest.Version)
        {
            throw new VersionConflictError(name.Current, version, newest.Version);
        }

        await AdvanceAsync(tx, name, target, deleted: true).ConfigureAwait(false);
        await events.AppendAsync(tx, name.Workspace, "asset.deleted", name.Current, new { asset = name.Current, newest.Version, call.Agent }).ConfigureAwait(false);
        return newest;
    }

    private async ValueTask<long> AdvanceAsync(ITransaction tx, AssetName name, WriteTarget target, bool deleted)
    {
        var expected = target.Newest?.Version ?? 0;
        var terms = new WriteGuardTerms(expected, call.Terms.LockToken, call.Caller.Principal, call.Agent);
        var version = await AssetsTable.AdvanceAsync(tx, name, terms, deleted).ConfigureAwait(false);
        if (version is { } landed)
        {
            return landed;
        }

        // Someone came between the check and the statement: asking again says who.
        var now = await guard.CheckAsync(tx, name).ConfigureAwait(false);
        throw new VersionConflictError(name.Current, expected, now.Newest?.Version ?? 0);
    }

    private Lineage Claimed(Lineage lineage) => call.Terms.Claim is { } claim ? lineage with { RunId = claim.RunId, StepId = claim.StepId } : lineage;
}
