using System.Text.Json.Nodes;
using Pipeline.Storage.State;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Audit;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Events;
using Pipeline.Tools.Locks;
using Pipeline.Tools.Plans;

namespace Pipeline.Tools.Runs;

/// <summary>
/// Lets go of what a run made on its way, some hours after its end. A version stays while something still wants it: a lock on its path, <c>pinned</c>
/// in its metadata, a version that was made from it outside the run, another run that names it. A path that anyone but a run has written is left alone.
/// </summary>
internal sealed class Intermediates(IDatabase database, RunMemory memory, EventLog events) : IExpiry
{
    private const string Actor = "pipeline";
    private const int MostRuns = 20;
    private const long AgainAfterMs = 60 * 60 * 1000L;

    /// <summary>Looks after every run whose time has come.</summary>
    public async Task<IntermediatesSwept> SweepAsync(CancellationToken cancellation)
    {
        var swept = IntermediatesSwept.None;
        while (true)
        {
            var due = await database.ReadAsync(query => RunsTable.ExpiringAsync(query, MostRuns), cancellation).ConfigureAwait(false);
            foreach (var row in due)
            {
                swept += await database.RelieveAsync(tx => ExpireAsync(tx, row.RunId), cancellation).ConfigureAwait(false);
            }

            if (due.Count < MostRuns)
            {
                return swept;
            }
        }
    }

    public async Task<long> ExpireAsync(CancellationToken cancellation) => (await SweepAsync(cancellation).ConfigureAwait(false)).Expired;

    private async ValueTask<IntermediatesSwept> ExpireAsync(ITransaction tx, string runId)
    {
        var row = (await RunsTable.FindAsync(tx, runId).ConfigureAwait(false))!;
        if (!(row.ExpireAtMs <= tx.NowMs))
        {
            return IntermediatesSwept.None;
        }

        var done = IntermediatesSwept.None;
        var isLeft = false;
        if (Deliverables.Of(await memory.LoadAsync(tx, row).ConfigureAwait(false)) is { } kept)
        {
            var candidates = (await AssetsTable.OfRunAsync(tx, runId).ConfigureAwait(false)).Where(version => !kept.Hold(version)).ToList();
            var wanted = candidates.Count == 0 ? [] : await WantedAsync(tx, row).ConfigureAwait(false);
            foreach (var version in candidates)
            {
                if (await IsWantedAsync(tx, version, wanted).ConfigureAwait(false))
                {
                    (done, isLeft) = (done with { Kept = done.Kept + 1 }, true);
                    continue;
                }

                await ExpireAsync(tx, version).ConfigureAwait(false);
                done = done with { Expired = done.Expired + 1, ExpiredBytes = done.ExpiredBytes + version.SizeBytes };
            }
        }

        await RunsTable.ExpiredAsync(tx, runId, isLeft ? tx.NowMs + AgainAfterMs : null, done.Expired, done.ExpiredBytes).ConfigureAwait(false);
        if (done.Expired > 0)
        {
            await events.AppendAsync(tx, row.Workspace, "run.intermediates_expired", runId, new { run_id = runId, done.Expired, done.ExpiredBytes, done.Kept }).ConfigureAwait(false);
        }

        return done;
    }

    private static async ValueTask<bool> IsWantedAsync(ITransaction tx, AssetRow version, HashSet<string> wanted) =>
        wanted.Contains(version.Address) || wanted.Contains(version.Name) || IsPinned(version)
        || (await LocksTable.HeldAsync(tx, version.Workspace, version.Path).ConfigureAwait(false)).Count > 0
        || await AssetsTable.IsWrittenByHandAsync(tx, version).ConfigureAwait(false);

    private static bool IsPinned(AssetRow version) => JsonNode.Parse(version.Metadata)?["pinned"] is JsonValue pinned && pinned.TryGetValue<bool>(out var isSo) && isSo;

    // What was made from something outside the run, and what other runs that are not over, or whose own hours are not, take or gave.
    private static async ValueTask<HashSet<string>> WantedAsync(ITransaction tx, RunRow row)
    {
        var wanted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var lineage in await AssetsTable.LineagesOutsideAsync(tx, row.RunId, row.CreatedAtMs).ConfigureAwait(false))
        {
            wanted.UnionWith(AssetTexts.In(JsonNode.Parse(lineage)?["sources"]));
        }

        foreach (var other in (await RunsTable.LiveAsync(tx).ConfigureAwait(false)).Where(other => other.RunId != row.RunId))
        {
            wanted.UnionWith(AssetTexts.In(other.Inputs));
            wanted.UnionWith(AssetTexts.In((await PlansTable.FindAsync(tx, other.PlanId).ConfigureAwait(false))!.Document));
            foreach (var step in await StepsTable.OfRunAsync(tx, other.RunId).ConfigureAwait(false))
            {
                wanted.UnionWith(AssetTexts.In(step.Inputs).Concat(AssetTexts.In(step.Outputs)));
            }
        }

        return wanted;
    }

    private async ValueTask ExpireAsync(ITransaction tx, AssetRow version)
    {
        var wasCurrent = await AssetsTable.ExpireAsync(tx, version).ConfigureAwait(false);
        await AuditTable.AppendAsync(tx, new(
            version.Workspace, Actor, Actor, "expire_intermediates", version.Address, "ok", Wire.Write(new { version.RunId, version.StepId, version.Sha256, version.SizeBytes }))).ConfigureAwait(false);
        await events.AppendAsync(tx, version.Workspace, "asset.expired", version.Name,
            new { asset = version.Name, version.Version, version.SizeBytes, version.RunId, version.StepId }).ConfigureAwait(false);
        if (wasCurrent)
        {
            await events.AppendAsync(tx, version.Workspace, "asset.deleted", version.Name, new { asset = version.Name, version.Version, agent = Actor, expired = true }).ConfigureAwait(false);
        }
    }
}

/// <summary>What a look after intermediates did.</summary>
/// <param name="Expired">Versions let go.</param>
/// <param name="ExpiredBytes">Their sizes added up; the bytes themselves go with the objects that nothing else holds.</param>
/// <param name="Kept">Versions that something still wants; they are looked at again.</param>
public sealed record IntermediatesSwept(long Expired, long ExpiredBytes, long Kept)
{
    public static readonly IntermediatesSwept None = new(0, 0, 0);

    public static IntermediatesSwept operator +(IntermediatesSwept one, IntermediatesSwept two) =>
        new(one.Expired + two.Expired, one.ExpiredBytes + two.ExpiredBytes, one.Kept + two.Kept);
}
