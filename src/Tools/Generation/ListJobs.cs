using System.Globalization;
using ModelContextProtocol.Server;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Generation;

[Tool(Toolset.Admin)]
internal sealed partial class ListJobs(Call call)
{
    /// <summary>Lists paid calls, newest first: what was bought, what it cost, which are ambiguous and which results are orphans.</summary>
    /// <param name="workspace">Whose.</param>
    /// <param name="state">Only these, such as ambiguous or orphaned.</param>
    /// <param name="run_id">Only this run's.</param>
    /// <param name="cursor">From the page before.</param>
    /// <param name="limit">1-100.</param>
    [McpServerTool(Name = "list_jobs", Title = "List jobs", ReadOnly = true, Destructive = false, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<JobList> RunAsync(
        string workspace, string? state = null, string? run_id = null, string? cursor = null, int limit = 50, CancellationToken cancellation = default)
    {
        if (state is not null && !JobState.All.Contains(state))
        {
            throw new InvalidArgumentError("state", $"state is one of {string.Join(", ", JobState.All)}.");
        }

        var most = Limits.Page(limit);
        var (before, beforeId) = Read(cursor);
        var rows = await call.Database.ReadAsync(async query =>
        {
            await WorkspacesTable.RequireAsync(query, call.Caller, workspace).ConfigureAwait(false);
            return await JobsTable.PageAsync(query, workspace, state, run_id, before, beforeId, most + 1).ConfigureAwait(false);
        }, cancellation).ConfigureAwait(false);
        var shown = rows.Take(most).ToList();
        return new([.. shown.Select(ListedJob.Of)], rows.Count > most ? string.Create(CultureInfo.InvariantCulture, $"{shown[^1].CreatedAtMs}.{shown[^1].JobId}") : null);
    }

    private static (long Before, string BeforeId) Read(string? cursor)
    {
        if (cursor is null)
        {
            return (long.MaxValue, "");
        }

        var dot = cursor.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && long.TryParse(cursor.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var before) ? (before, cursor[(dot + 1)..])
            : throw new InvalidArgumentError("cursor", "cursor is what the page before gave.");
    }
}

/// <summary>Jobs, newest first.</summary>
public sealed record JobList(IReadOnlyList<ListedJob> Jobs, string? Cursor);

/// <summary>One job.</summary>
/// <param name="Sends">Calls made for it: more than one only where those before provably reached nobody, were refused, or cost nothing.</param>
public sealed record ListedJob(
    string JobId, string State, string Output, string? Asset, string Provider, string Model, string? VendorJobId, string? RunId, string? StepId, long Sends, long BoundMicros, long? CostMicros,
    string Billing, string? Code, string? Message, string? CancelAnswer, string? PriceVersion, DateTimeOffset CreatedAt, DateTimeOffset? EndedAt)
{
    internal static ListedJob Of(JobRow job) => new(
        job.JobId, job.State, job.Output, job.Asset, job.Provider, job.Model, job.VendorJobId, job.RunId, job.StepId, job.Sends, job.BoundMicros,
        job.Billing is JobBilling.Billed or JobBilling.Unbilled ? job.CostMicros : null, job.Billing, job.Code, job.Message, job.CancelAnswer, job.PriceVersion, Instant.From(job.CreatedAtMs),
        Instant.From(job.EndedAtMs));
}
