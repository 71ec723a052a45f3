using Pipeline.Storage.Objects;
using Pipeline.Storage.State;
using Pipeline.Tools.Audit;

namespace Pipeline.Tools.Assets;

/// <summary>
/// Looks at every byte: each object that a row names against its name and size, the database's own structure, and the audit's hash chains.
/// It only reads, so it may run beside the owner of the folder.
/// </summary>
/// <param name="read">Reads rows.</param>
/// <param name="keep">The objects.</param>
/// <param name="names">Where rows name objects.</param>
public sealed class Scrub(IReading read, IObjectKeep keep, ObjectNames names)
{
    private const int Batch = 200;
    private const int WalkRows = 1000;

    /// <summary>Looks at all there is.</summary>
    /// <param name="progress">Told after each object.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<ScrubReport> RunAsync(IProgress<ScrubProgress> progress, CancellationToken cancellation)
    {
        var structure = await read.FaultsAsync(cancellation).ConfigureAwait(false);
        var damaged = new List<DamagedObject>();
        var (objects, bytes) = (0L, 0L);
        for (var after = ""; ;)
        {
            var page = await read.ReadAsync(query => names.AfterAsync(query, after, Batch), cancellation).ConfigureAwait(false);
            foreach (var sha256 in page)
            {
                var (found, sizeBytes) = await CheckAsync(sha256, cancellation).ConfigureAwait(false);
                damaged.AddRange(found is null ? [] : [found]);
                progress.Report(new(++objects, bytes += sizeBytes, damaged.Count));
            }

            if (page.Count < Batch)
            {
                break;
            }

            after = page[^1];
        }

        var broken = await read.ReadAsync(BrokenChainsAsync, cancellation).ConfigureAwait(false);
        return new(structure.Count + damaged.Count + broken.Count == 0, objects, bytes, damaged, structure, broken);
    }

    private async Task<(DamagedObject? Damaged, long SizeBytes)> CheckAsync(string sha256, CancellationToken cancellation)
    {
        var state = await keep.CheckAsync(sha256, cancellation).ConfigureAwait(false);
        if (state.IsWhole)
        {
            return (null, state.SizeBytes ?? 0);
        }

        var rows = await read.ReadAsync(query => AssetsTable.OfObjectAsync(query, sha256), cancellation).ConfigureAwait(false);
        if (rows.Count == 0 && (await read.ReadAsync(query => names.NamedAsync(query, [sha256]), cancellation).ConfigureAwait(false)).Count == 0)
        {
            return (null, 0); // its last row went, and it with it, while this looked
        }

        var problem = state.SizeBytes is null ? "missing" : rows.Count > 0 && state.SizeBytes != rows[0].SizeBytes ? "size" : "changed";
        return (new(sha256, problem, rows.Count > 0 ? rows[0].SizeBytes : null, state.SizeBytes, [.. rows.Select(row => row.Asset)]), state.SizeBytes ?? 0);
    }

    private static async ValueTask<IReadOnlyList<BrokenChain>> BrokenChainsAsync(IQuery query)
    {
        var broken = new List<BrokenChain>();
        foreach (var workspace in await AuditTable.WorkspacesAsync(query).ConfigureAwait(false))
        {
            var check = new ChainCheck(0, AuditChain.Start);
            for (long at = 0; check.BrokenAt is null;)
            {
                var rows = await AuditTable.PageAsync(query, workspace, at, long.MinValue, WalkRows).ConfigureAwait(false);
                foreach (var row in rows)
                {
                    check.Next(row);
                }

                if (rows.Count < WalkRows)
                {
                    break;
                }

                at = rows[^1].Sequence;
            }

            check.End(await AuditTable.HeadAsync(query, workspace).ConfigureAwait(false));
            broken.AddRange(check.BrokenAt is { } sequence ? [new BrokenChain(workspace, sequence)] : []);
        }

        return broken;
    }
}
