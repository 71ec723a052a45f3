using Pipeline.Tools.Generation.Providers;

namespace Pipeline.Tools.Generation.Vendors;

/// <summary>Asks how a job fares, and reads the result's document where the vendor keeps one apart.</summary>
internal sealed class VendorPolling(Dialect dialect, VendorSecrets secrets, VendorRequests requests, Reports reports, Refusals refusals, VendorDoor door)
{
    public async Task<JobReport> PollAsync(ProviderJob job, CancellationToken cancellation)
    {
        if (dialect.Poll is not { } rule)
        {
            return new(JobStanding.Unknown) { Code = "vendor_error", Message = "This vendor has no jobs to ask after." };
        }

        var (answer, refused) = await AskAsync(job, rule.Method, rule.Handle, rule.Path, rule.TimeoutSeconds, cancellation).ConfigureAwait(false);
        if (refused is not null || answer is not { IsSuccess: true })
        {
            return refused ?? NoReport(answer!);
        }

        if (answer.Body is not { } body)
        {
            return Unreachable("vendor_error", "The vendor's answer is no JSON document.");
        }

        var report = reports.Read(rule.Report, body, answer.Headers, job.VendorJobId, job.Model);
        report = report.Standing == JobStanding.Succeeded && rule.ResultHandle is not null
            ? await ResultAsync(rule, report, job, cancellation).ConfigureAwait(false)
            : report;
        return Complete(report);
    }

    /// <summary>A success needs something to fetch.</summary>
    public static JobReport Complete(JobReport report) => report is { Standing: JobStanding.Succeeded, Results.Count: 0 }
        ? report with { Standing = JobStanding.Failed, Code = "no_result", Message = "The vendor says that the job succeeded, and names no result." }
        : report;

    public async Task<CancelAnswer> CancelAsync(ProviderJob job, CancellationToken cancellation)
    {
        if (dialect.Cancel is not { } rule)
        {
            return CancelAnswer.Unsupported;
        }

        var (answer, _) = await AskAsync(job, rule.Method, rule.Handle, rule.Path, 30, cancellation).ConfigureAwait(false);
        return answer switch
        {
            { IsSuccess: true } => CancelAnswer.Asked,
            { Status: { } status } when rule.TooLateStatuses.Contains(status) => CancelAnswer.TooLate,
            { Status: 404 or 410 } => CancelAnswer.Unknown,
            { Status: 405 or 501 } => CancelAnswer.Unsupported,
            _ => CancelAnswer.Unreachable,
        };
    }

    private async Task<JobReport> ResultAsync(PollRule rule, JobReport report, ProviderJob job, CancellationToken cancellation)
    {
        var (answer, refused) = await AskAsync(job, "GET", rule.ResultHandle, rule.ResultDocumentPath, rule.TimeoutSeconds, cancellation).ConfigureAwait(false);
        if (refused is not null)
        {
            return refused;
        }

        if (answer is { IsSuccess: true, Body: { } body })
        {
            return report with
            {
                Results = reports.Results(rule.Report, body, job.VendorJobId),
                CostMicros = Reports.CostMicros(rule.Report.Cost, body, answer.Headers, job.Model) ?? report.CostMicros,
            };
        }

        // The result of a job that failed is its error, as any other client's mistake would be told.
        var failed = answer!.Body is { } error
            && (answer.Status is >= 400 and < 500 and not (401 or 403 or 404 or 408 or 410 or 425 or 429) || (answer.Status >= 500 && Pointers.First(error, rule.ResultFailedIf) is not null));
        if (!failed)
        {
            return answer.Status is 404 or 410
                ? new(JobStanding.Expired) { CostMicros = Reports.CostMicros(rule.Report.Cost, answer.Body, answer.Headers, job.Model) ?? report.CostMicros }
                : NoReport(answer);
        }

        var refusal = refusals.Read(answer.Status!.Value, answer.Headers, answer.Body);
        return new(JobStanding.Failed)
        {
            Code = secrets.Clean(Pointers.Text(answer.Body, dialect.Errors.Code)) ?? refusal.Code,
            Message = refusal.Message,
            CostMicros = Reports.CostMicros(rule.Report.Cost, answer.Body, answer.Headers, job.Model) ?? (rule.Report.FailedIsFree ? 0 : null),
        };
    }

    private async Task<(VendorAnswer? Answer, JobReport? Refused)> AskAsync(ProviderJob job, string method, string? handle, string? path, double timeoutSeconds, CancellationToken cancellation)
    {
        if (secrets.Missing is { Count: > 0 } missing)
        {
            return (null, Unreachable("unauthorized", $"The server's environment has no {string.Join(", ", missing)}."));
        }

        using var request = requests.About(job, method, handle, path);
        return request is null
            ? (null, Unreachable("handle_refused", "The address that the vendor gave for this job is not at a host of the provider's entry; it is not followed. If it is the vendor's, add the host under 'hosts'."))
            : (await door.AskAsync(request, TimeSpan.FromSeconds(timeoutSeconds), cancellation).ConfigureAwait(false), null);
    }

    private JobReport NoReport(VendorAnswer answer)
    {
        if (answer.Status is not { } status)
        {
            return Unreachable(answer.Failure ?? "unreachable", "No answer came from the vendor.");
        }

        var refusal = refusals.Read(status, answer.Headers, answer.Body);
        var standing = status switch { 404 => JobStanding.Unknown, 410 => JobStanding.Expired, _ => JobStanding.Unreachable };
        return new(standing) { Code = refusal.Code, Message = refusal.Message, RetryAfterSeconds = refusal.RetryAfterSeconds };
    }

    private static JobReport Unreachable(string code, string message) => new(JobStanding.Unreachable) { Code = code, Message = message };
}
