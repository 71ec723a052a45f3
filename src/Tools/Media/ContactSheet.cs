using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Media.Frames;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Media;

[Tool(Toolset.Media, Changes = true, Writes = true)]
internal sealed partial class ContactSheet(Call call, MediaDesk desk, SheetArtist artist, WriteGuard guard, AssetWriter writer)
{
    private const string File = "sheet.jpg";

    /// <summary>Lays frames of assets out on one picture with their times, to look at or to compare.</summary>
    /// <param name="asset">One source.</param>
    /// <param name="assets">Or several, one after the other.</param>
    /// <param name="columns">Pictures in a row, 1 to 20.</param>
    /// <param name="every_seconds">One frame for so many seconds.</param>
    /// <param name="output">workspace/path to keep it.</param>
    [McpServerTool(Name = "contact_sheet", Title = "Contact sheet", ReadOnly = false, Destructive = true, Idempotent = false, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<DrawnSheet> RunAsync(
        string? asset = null, IReadOnlyList<string>? assets = null, int? columns = null, double? every_seconds = null, string? output = null,
        CancellationToken cancellation = default)
    {
        var names = asset is null == (assets is not { Count: > 0 })
            ? throw new InvalidArgumentError("asset", "Give either asset or assets.")
            : asset is null ? assets! : [asset];
        var target = output is null ? null : AssetName.ParseTarget(output, "output");
        if (target is not null)
        {
            await guard.CheckEarlyAsync(target, cancellation).ConfigureAwait(false);
        }

        var sources = new List<(AssetRow Asset, MediaFile Media)>();
        foreach (var name in names)
        {
            sources.Add(await desk.OpenAsync(name, cancellation).ConfigureAwait(false));
        }

        using var job = desk.Job();
        var sheet = await artist.DrawAsync([.. sources.Select(source => source.Media)], new(columns, every_seconds), job, File, cancellation).ConfigureAwait(false);
        call.Attach(ImageContentBlock.FromBytes(await System.IO.File.ReadAllBytesAsync(job.File(File), cancellation).ConfigureAwait(false), "image/jpeg"));
        var stored = target is null ? null : await desk.StoreAsync(job, File, cancellation).ConfigureAwait(false);
        var first = sources[0].Asset;
        return await call.CommitAsync(target?.Workspace ?? first.Workspace, target?.Current ?? first.Address, async tx =>
        {
            var lineage = new Lineage { Tool = call.Tool, Sources = [.. sources.Select(source => source.Asset.Address)] };
            var made = target is null ? null : await writer.WriteAsync(tx, new(target, stored!, "image/jpeg", lineage)).ConfigureAwait(false);
            if (made is not null)
            {
                call.Attach(AssetLink.To(made));
            }

            var tiles = sources.Select((source, at) => new SheetTiles(source.Asset.Address, sheet.TimesSeconds[at])).ToList();
            return new DrawnSheet(made?.Name, made?.Version, sheet.Columns, sheet.Rows, sheet.TimesDrawn, tiles, sheet.BytesRead, sheet.BytesWritten);
        }, cancellation).ConfigureAwait(false);
    }
}

/// <summary>A contact sheet; its tiles stand in reading order.</summary>
/// <param name="Asset">Where it was kept, if it was.</param>
/// <param name="TimesDrawn">False when no font was found: then only this answer tells the times.</param>
public sealed record DrawnSheet(string? Asset, long? Version, int Columns, int Rows, bool TimesDrawn, IReadOnlyList<SheetTiles> Tiles, long? BytesRead, long BytesWritten);

/// <summary>The tiles of one source.</summary>
public sealed record SheetTiles(string Source, IReadOnlyList<double> TimesSeconds);
