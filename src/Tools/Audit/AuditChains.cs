using Pipeline.Storage.State;

namespace Pipeline.Tools.Audit;

/// <summary>Holds every chain of a store against its head.</summary>
public static class AuditChains
{
    private const int WalkRows = 1000;

    /// <summary>The chains that do not hold, each with its first entry that is missing or not as it was written.</summary>
    public static async ValueTask<IReadOnlyList<BrokenChain>> BrokenAsync(IQuery query)
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
