using Pipeline.Storage.State;
using Pipeline.Tools.Generation.Providers;

namespace Pipeline.Tools.Generation;

/// <summary>Takes webhooks of vendors: verified by the provider, once each, and only ever about jobs of that provider.</summary>
public sealed class VendorHooks(IDatabase database, JobBook book, ProviderDirectory providers, TimeProvider time)
{
    /// <summary>Takes one request.</summary>
    /// <param name="provider">Whose it claims to be.</param>
    /// <param name="headers">Of the request, by lower-case name.</param>
    /// <param name="body">As it came.</param>
    /// <param name="jobId">Our job, as the address that was given to the vendor says; null when it says nothing.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>Whether it was believed. Nothing tells whether its job exists.</returns>
    public async Task<bool> TakeAsync(string provider, IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body, string? jobId, CancellationToken cancellation)
    {
        if (providers.Find(provider) is not IHookReader reader || reader.Read(headers, body, time.GetUtcNow()) is not { Verified: true } notice)
        {
            return false;
        }

        if (notice.VendorJobId is { Length: > 0 } vendorJobId
            && await database.ReadAsync(query => FindAsync(query, provider, vendorJobId, jobId), cancellation).ConfigureAwait(false) is { } found)
        {
            await database.TransactAsync(found.Workspace, tx => ApplyAsync(tx, provider, notice, vendorJobId, found.JobId), cancellation).ConfigureAwait(false);
        }

        return true;
    }

    // By the vendor's name for it; or, when its answer was lost and the name with it, by ours.
    private static async ValueTask<JobRow?> FindAsync(IQuery query, string provider, string vendorJobId, string? jobId) =>
        await JobsTable.OfVendorAsync(query, provider, vendorJobId).ConfigureAwait(false)
        ?? (jobId is not null && await JobsTable.FindAsync(query, jobId).ConfigureAwait(false) is { VendorJobId: null } named && named.Provider == provider ? named : null);

    private async ValueTask<bool> ApplyAsync(ITransaction tx, string provider, HookNotice notice, string vendorJobId, string jobId)
    {
        if (notice.DeliveryId is { } delivery && !await HooksTable.TakeAsync(tx, provider, delivery).ConfigureAwait(false))
        {
            return false;
        }

        var now = await JobsTable.FindAsync(tx, jobId).ConfigureAwait(false);
        if (now is null || await JobsTable.HoldAsync(tx, jobId, now.Generation).ConfigureAwait(false) is not { } job)
        {
            return false;
        }

        switch (job.State)
        {
            case JobState.Accepted or JobState.Cancelling when notice.Report is { } report:
                await book.ApplyAsync(tx, job with { Held = 0 }, new JobReported(report)).ConfigureAwait(false);
                return true;
            case JobState.Accepted or JobState.Cancelling:
                await JobsTable.WakeAsync(tx, jobId).ConfigureAwait(false);
                return true;
            case JobState.Submitting:
                await JobsTable.SaveAsync(tx, job with { HookedJobId = vendorJobId }).ConfigureAwait(false);
                return true;
            case JobState.Ambiguous when job.VendorJobId is null || job.VendorJobId == vendorJobId:
                await book.ApplyAsync(tx, job, new JobResolved(null, vendorJobId, null)).ConfigureAwait(false);
                return true;
            default:
                return false;
        }
    }
}
