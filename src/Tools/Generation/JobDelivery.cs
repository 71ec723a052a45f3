using Microsoft.Extensions.DependencyInjection;
using Pipeline.Storage.Objects;
using Pipeline.Storage.State;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Audit;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Models;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Generation;

/// <summary>
/// Takes in a result: version, charge, settled reservation, outcome, event and audit entry in one transaction. What was paid for is never thrown away:
/// a result that may not become the output's version any more is kept beside it, under <c>orphans/</c>.
/// </summary>
internal sealed class JobDelivery(IDatabase database, IObjectStore objects, JobBook book, IServiceScopeFactory scopes)
{
    private const string Tool = "generate_media";

    /// <summary>Takes in bytes that are in the store already.</summary>
    /// <param name="claimed">The job, held.</param>
    /// <param name="first">The event by which they came, told in the same transaction; null when it has been told.</param>
    /// <param name="stored">The bytes.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task BringAsync(JobRow claimed, JobEvent? first, StoredObject stored, CancellationToken cancellation)
    {
        var card = Wire.Read<ModelCard>(claimed.Card);
        var (mediaType, useless) = ResultKind.Of(claimed.Path, await ContentSniff.HeadAsync(objects, stored, cancellation).ConfigureAwait(false), card.Outputs);
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            var call = scope.ServiceProvider.GetRequiredService<Call>();
            var (guard, writer) = (scope.ServiceProvider.GetRequiredService<WriteGuard>(), scope.ServiceProvider.GetRequiredService<AssetWriter>());
            await database.TransactAsync(claimed.Workspace, async tx =>
            {
                var job = await JobBook.HoldAsync(tx, claimed, first).ConfigureAwait(false);
                if (job is not null && first is not null)
                {
                    job = await book.ApplyAsync(tx, job, first).ConfigureAwait(false);
                }

                if (job is not { State: JobState.Fetching })
                {
                    return false;
                }

                var next = new NewVersion(new AssetName(job.Workspace, job.Path, null), stored, mediaType, LineageOf(job, card));
                var writes = JobWriter.Of(job);
                var (asset, refusal) = useless ? (null, null) : await WriteAsync(tx, call, guard, writer, job, next, writes).ConfigureAwait(false);
                await AuditTable.AppendAsync(tx, new(job.Workspace, job.Principal, job.Agent, Tool, job.Output, refusal ?? "ok", Wire.Write(new { job.JobId, asset }))).ConfigureAwait(false);
                await book.ApplyAsync(tx, job with { Asset = asset }, new JobBrought(stored.Sha256, stored.SizeBytes, mediaType, refusal, useless)).ConfigureAwait(false);
                return true;
            }, cancellation).ConfigureAwait(false);
        }
    }

    private static async ValueTask<(string? Asset, string? Refusal)> WriteAsync(
        ITransaction tx, Call call, WriteGuard guard, AssetWriter writer, JobRow job, NewVersion next, JobWriter writes)
    {
        if (await RefusedAsync(tx, call, guard, next.Name, writes).ConfigureAwait(false) is not { } refusal)
        {
            return ((await writer.WriteAsync(tx, next).ConfigureAwait(false)).Address, null);
        }

        var beside = new AssetName(job.Workspace, $"orphans/{job.JobId}{System.IO.Path.GetExtension(job.Path)}", null);
        return await RefusedAsync(tx, call, guard, beside, writes with { Terms = WriteTerms.None }).ConfigureAwait(false) is null
            ? ((await writer.WriteAsync(tx, next with { Name = beside }).ConfigureAwait(false)).Address, refusal)
            : (null, refusal); // the job's own row keeps the bytes
    }

    // Looks only, so that nothing has to be undone when it may not be.
    private static async ValueTask<string?> RefusedAsync(ITransaction tx, Call call, WriteGuard guard, AssetName name, JobWriter writes)
    {
        call.Begin(new Caller(writes.Principal, Role.Member, null, false, [], []), writes.Agent, Tool, true, null, "", writes.Terms);
        try
        {
            await guard.CheckAsync(tx, name).ConfigureAwait(false);
            return null;
        }
        catch (ToolError refusal)
        {
            return refusal.Code;
        }
    }

    private static Lineage LineageOf(JobRow job, ModelCard card) => new()
    {
        Tool = Tool,
        Sources = Wire.Read<IReadOnlyList<string>>(job.Refs),
        Method = job.Capability,
        Model = job.Model,
        RunId = job.RunId,
        StepId = job.StepId,
        Parameters = new
        {
            job.JobId, job.Provider, model_version = card.Version, job.Prompt, parameters = Wire.Read<System.Text.Json.Nodes.JsonObject>(job.Parameters), price = job.PriceVersion,
            cost_micros = job.CostMicros ?? job.BoundMicros,
        },
    };
}
