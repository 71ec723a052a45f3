using System.ComponentModel.DataAnnotations;
using ModelContextProtocol.Server;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Runs;

namespace Pipeline.Tools.Generation;

[Tool(Toolset.Admin, Changes = true, Admin = true)]
internal sealed partial class ResolveJob(Call call, JobBook book)
{
    /// <summary>Says what became of a paid call whose outcome or bill is unknown, after a look at the vendor's own list. With vendor_job_id it is asked after again.</summary>
    /// <param name="job_id">From list_jobs or resume_agent.</param>
    /// <param name="verdict">billed, not_billed, or running with vendor_job_id.</param>
    /// <param name="vendor_job_id">The vendor's name for it.</param>
    /// <param name="cost_micros">What the vendor billed; its price if left out.</param>
    [McpServerTool(Name = "resolve_job", Title = "Resolve job", ReadOnly = false, Destructive = true, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<GeneratedMedia> RunAsync(
        string job_id, [AllowedValues("billed", "not_billed", "running")] string verdict, string? vendor_job_id = null, long? cost_micros = null, CancellationToken cancellation = default)
    {
        if (verdict is not ("billed" or "not_billed" or "running") || verdict == "running" != vendor_job_id is not null)
        {
            throw new InvalidArgumentError("verdict", "verdict is billed, not_billed, or running together with vendor_job_id.");
        }

        if (cost_micros < 0 || (cost_micros is not null && verdict != "billed"))
        {
            throw new InvalidArgumentError("cost_micros", "cost_micros is not negative and comes with billed.");
        }

        var found = await call.Database.ReadAsync(query => JobsTable.FindAsync(query, job_id), cancellation).ConfigureAwait(false);
        if (found is null || !call.Caller.Sees(found.Workspace))
        {
            throw new NotFoundError("job", job_id, "list_jobs");
        }

        return await call.CommitAsync(found.Workspace, found.Output, async tx =>
        {
            var now = (await JobsTable.FindAsync(tx, job_id).ConfigureAwait(false))!;
            if (!JobMachine.IsOpenToDoubt(now) || await JobsTable.HoldAsync(tx, job_id, now.Generation).ConfigureAwait(false) is not { } job)
            {
                throw new InvalidStateError($"Job '{job_id}' is {now.State} and {now.Billing}: there is nothing to resolve.", now.State);
            }

            if (vendor_job_id is not null && await JobsTable.OfVendorAsync(tx, job.Provider, vendor_job_id).ConfigureAwait(false) is { } other && other.JobId != job_id)
            {
                throw new InvalidArgumentError("vendor_job_id", $"'{vendor_job_id}' is the vendor's name for another job of this server.");
            }

            var happened = new JobResolved(verdict switch { "billed" => true, "not_billed" => false, _ => null }, vendor_job_id, cost_micros);
            return GeneratedMedia.Of(await book.ApplyAsync(tx, job, happened).ConfigureAwait(false));
        }, cancellation, _ => new { job_id, verdict, vendor_job_id, cost_micros }).ConfigureAwait(false);
    }
}
