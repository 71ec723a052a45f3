using System.Text.Json.Nodes;
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
            RunId = call.Terms.Claim?.RunId,
            StepId = call.Terms.Claim?.StepId,
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

    /// <summary>Replaces the metadata of the version named, or of the current one; makes no new version.</summary>
    public async ValueTask<AssetRow> SetMetadataAsync(ITransaction tx, AssetName name, JsonObject metadata)
    {
        var target = await guard.CheckAsync(tx, name).ConfigureAwait(false);
        var row = await AssetsTable.FindAsync(tx, name).ConfigureAwait(false) ?? throw new NotFoundError("asset", name.ToString(), "list_assets");
        MetadataCheck.Require(target.Workspace.Schema(), metadata);
        var next = row with { Metadata = metadata.ToJsonString(Wire.Json) };
        if (await AssetsTable.SetMetadataAsync(tx, row, TermsFor(target), next.Metadata).ConfigureAwait(false) == 0)
        {
            await RefuseAsync(tx, name, target).ConfigureAwait(false);
        }

        await events.AppendAsync(tx, name.Workspace, "asset.metadata", name.Current, new { asset = name.Current, row.Version, metadata, call.Agent }).ConfigureAwait(false);
        return next;
    }

    private async ValueTask<long> AdvanceAsync(ITransaction tx, AssetName name, WriteTarget target, bool deleted)
    {
        var version = await AssetsTable.AdvanceAsync(tx, name, TermsFor(target), deleted).ConfigureAwait(false);
        return version ?? throw await RefuseAsync(tx, name, target).ConfigureAwait(false);
    }

    // Someone came between the check and the statement: asking again says who.
    private async ValueTask<VersionConflictError> RefuseAsync(ITransaction tx, AssetName name, WriteTarget before)
    {
        var now = await guard.CheckAsync(tx, name).ConfigureAwait(false);
        throw new VersionConflictError(name.Current, before.Newest?.Version ?? 0, now.Newest?.Version ?? 0);
    }

    private WriteGuardTerms TermsFor(WriteTarget target) => new(target.Newest?.Version ?? 0, call.Terms.LockToken, call.Caller.Principal, call.Agent);

    private Lineage Claimed(Lineage lineage) => call.Terms.Claim is { } claim ? lineage with { RunId = claim.RunId, StepId = claim.StepId } : lineage;
}
