using System.Text.Json.Nodes;
using Pipeline.Storage.Objects;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Assets;

/// <summary>
/// Takes the bytes that create_upload announced, in one piece or many. The terms of the write are checked before any byte is taken and again
/// where the version is made. One instance serves one request.
/// </summary>
public sealed class Uploads(Call call, WriteGuard guard, AssetWriter writer, IObjectStore objects, UploadFiles files, IPresigns? presigns = null)
{
    /// <summary>How far the upload is.</summary>
    /// <exception cref="NotFoundError">No upload of this principal's, or past its time.</exception>
    public async Task<UploadState> StateAsync(Caller caller, string token, CancellationToken cancellation)
    {
        var row = await BeginAsync(caller, token, cancellation).ConfigureAwait(false);
        return row.Answer is { } answer ? Ended(row, answer) : new(row.Content is null ? files.SizeBytes(token) : row.SizeBytes, row.SizeBytes, null);
    }

    /// <summary>Takes more bytes; with the last of them the version is made. When the write is refused they stay, and an empty part at their end tries it again.</summary>
    /// <param name="caller">Must be the principal that announced it.</param>
    /// <param name="token">From the address.</param>
    /// <param name="part">Where <paramref name="content"/> belongs; null when it is the whole.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="cancellation">What is on disk stays and is gone on from.</param>
    public async Task<UploadState> TakeAsync(Caller caller, string token, UploadPart? part, Stream content, CancellationToken cancellation)
    {
        var row = await BeginAsync(caller, token, cancellation).ConfigureAwait(false);
        if (row.Answer is { } answer)
        {
            return Ended(row, answer);
        }

        part?.Require(row.SizeBytes);
        var name = new AssetName(row.Workspace, row.Path, null);
        await guard.CheckEarlyAsync(name, cancellation).ConfigureAwait(false);
        if (row.Content is { } sha256 && part is not null && await objects.HeadAsync(sha256, cancellation).ConfigureAwait(false) == row.SizeBytes)
        {
            return part.FromBytes is { } from && from != row.SizeBytes ? throw new UploadOffsetError(row.SizeBytes, from)
                : new(row.SizeBytes, row.SizeBytes, await CommitAsync(row, name, new(sha256, row.SizeBytes)).ConfigureAwait(false));
        }

        var sizeBytes = await files.AppendAsync(token, part, row.SizeBytes, content, cancellation).ConfigureAwait(false);
        return sizeBytes < row.SizeBytes ? new(sizeBytes, row.SizeBytes, null)
            : new(sizeBytes, sizeBytes, await FinishAsync(row, name).ConfigureAwait(false));
    }

    /// <summary>Makes the version of what came straight to the store; a state without a version when nothing came yet.</summary>
    /// <exception cref="ToolError">Other bytes came than were announced, and they are gone; or the write is refused, and they stay.</exception>
    public async Task<UploadState> ArriveAsync(UploadRow row, CancellationToken cancellation)
    {
        call.Begin(Wire.Read<Caller>(row.Sender!), row.Agent, "create_upload", changes: true, key: null, bodyHash: "", Wire.Read<WriteTerms>(row.Terms));
        var name = new AssetName(row.Workspace, row.Path, null);
        if (row.Content is { } known)
        {
            return new(row.SizeBytes, row.SizeBytes, await CommitAsync(row, name, new(known, row.SizeBytes)).ConfigureAwait(false));
        }

        if (await presigns!.ArrivedAsync(row.Token, cancellation).ConfigureAwait(false) is not { } size)
        {
            return new(0, row.SizeBytes, null);
        }

        var stored = size == row.SizeBytes ? await presigns.TakeAsync(row.Token, cancellation).ConfigureAwait(false) : null;
        if (stored?.SizeBytes != row.SizeBytes || (row.Sha256 is not null && row.Sha256 != stored.Sha256))
        {
            await presigns.DropAsync(row.Token, cancellation).ConfigureAwait(false);
            Checksum.Require(row.Sha256, stored ?? throw new SizeMismatchError(row.SizeBytes, size));
            throw new SizeMismatchError(row.SizeBytes, stored.SizeBytes);
        }

        await call.Database.TransactAsync(row.Workspace, tx => UploadsTable.KeepContentAsync(tx, row.Token, stored.Sha256), CancellationToken.None).ConfigureAwait(false);
        await presigns.DropAsync(row.Token, CancellationToken.None).ConfigureAwait(false);
        return new(row.SizeBytes, row.SizeBytes, await CommitAsync(row, name, stored).ConfigureAwait(false));
    }

    private static UploadState Ended(UploadRow row, string answer) => new(row.SizeBytes, row.SizeBytes, Wire.Read<AssetWritten>(answer));

    private async Task<UploadRow> BeginAsync(Caller caller, string token, CancellationToken cancellation)
    {
        var row = await call.Database.ReadAsync(query => UploadsTable.FindAsync(query, token, caller.Principal), cancellation).ConfigureAwait(false)
            ?? throw new NotFoundError("upload", token, "create_upload");
        if (caller.Role < Role.Member)
        {
            throw new ForbiddenError("member", Wire.Name(caller.Role));
        }

        call.Begin(caller, row.Agent, "create_upload", changes: true, key: null, bodyHash: "", Wire.Read<WriteTerms>(row.Terms));
        return row;
    }

    // All bytes are here: from now on the client's going away changes nothing.
    private async Task<AssetWritten> FinishAsync(UploadRow row, AssetName name)
    {
        var stored = await objects.AdoptAsync(files.PathOf(row.Token), CancellationToken.None).ConfigureAwait(false);
        Checksum.Require(row.Sha256, stored);
        await call.Database.TransactAsync(row.Workspace, tx => UploadsTable.KeepContentAsync(tx, row.Token, stored.Sha256), CancellationToken.None).ConfigureAwait(false);
        return await CommitAsync(row, name, stored).ConfigureAwait(false);
    }

    private async Task<AssetWritten> CommitAsync(UploadRow row, AssetName name, StoredObject stored)
    {
        var next = new NewVersion(
            name, stored, row.MediaType ?? MediaTypes.Of(name.Path, await ContentSniff.HeadAsync(objects, stored, CancellationToken.None).ConfigureAwait(false)),
            new Lineage { Tool = call.Tool, Method = "upload" }, row.Metadata is null ? null : JsonNode.Parse(row.Metadata)!.AsObject());
        return await call.CommitAsync(name.Workspace, name.Current, async tx =>
        {
            var written = AssetWritten.From(await writer.WriteAsync(tx, next).ConfigureAwait(false));
            return await UploadsTable.EndAsync(tx, row.Token, Wire.Write(written)).ConfigureAwait(false) > 0 ? written
                : throw new UploadBusyError(); // another request, perhaps on another node, has just ended it: nothing of ours is kept
        }, CancellationToken.None, written => new { written.Version, written.Sha256 }).ConfigureAwait(false);
    }
}
