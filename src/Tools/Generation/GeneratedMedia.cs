using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Generation;

/// <summary>Where a job stands.</summary>
/// <param name="State">planned, submitting, accepted, cancelling and fetching go on by themselves; ambiguous waits for a human; done, orphaned, failed, cancelled and lost are final.</param>
/// <param name="Asset">The version that holds the result; with orphaned, where it is kept beside the output.</param>
/// <param name="CostMicros">What it cost; null while that is not known.</param>
/// <param name="BoundMicros">The most it may cost.</param>
/// <param name="Billing">reserved, unbilled, billed or unknown.</param>
/// <param name="Code">What went wrong last.</param>
/// <param name="NotBefore">When it is looked at again, if it rests.</param>
public sealed record GeneratedMedia(
    string JobId, string State, string Output, string? Asset, string Model, string Provider, long? CostMicros, long BoundMicros, string Billing, string? MediaType, string? Code,
    string? Message, DateTimeOffset? NotBefore)
{
    internal static GeneratedMedia Of(JobRow job) => new(
        job.JobId, job.State, job.Output, job.Asset, job.Model, job.Provider, job.Billing is JobBilling.Reserved or JobBilling.Unknown ? null : job.CostMicros, job.BoundMicros, job.Billing,
        job.MediaType, job.Code, job.Message, job is { State: JobState.Planned, Tries: > 0, Held: 0, DueAtMs: { } due } ? Instant.From(due) : null);
}
