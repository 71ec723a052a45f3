using ModelContextProtocol.Server;
using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Costs;
using Pipeline.Tools.Plans;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Runs.Metrics;

[Tool(Toolset.Runs)]
internal sealed partial class ReportMetrics(Call call)
{
    private const int MostClaims = 100_000;
    private const int MostBuckets = 500;
    private const long HourMs = 60 * 60 * 1000L;

    /// <summary>How work went in a workspace or run: throughput, latency, cost per finished minute, busy workers; a run against its estimate.</summary>
    /// <param name="workspace">Or run_id.</param>
    /// <param name="run_id">A run.</param>
    /// <param name="since">Time; a day ago, or the run's start.</param>
    /// <param name="bucket">Also over time.</param>
    [McpServerTool(Name = "report_metrics", Title = "Report metrics", ReadOnly = true, Destructive = false, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<MetricsReport> RunAsync(
        string? workspace = null, string? run_id = null, string? since = null, MetricsBucketLength? bucket = null, CancellationToken cancellation = default)
    {
        if (workspace is null == run_id is null)
        {
            throw new InvalidArgumentError("workspace", "Give either workspace or run_id, one of the two.");
        }

        var sinceMs = since is null ? (long?)null : Instant.Parse(since, "since");
        return await call.Database.ReadAsync(async query =>
        {
            var run = run_id is null ? null : await RunsTable.RequireAsync(query, call.Caller, run_id).ConfigureAwait(false);
            var place = run?.Workspace ?? (await WorkspacesTable.RequireAsync(query, call.Caller, workspace!).ConfigureAwait(false)).Workspace;
            var toMs = run?.EndedAtMs ?? query.NowMs;
            // A day of minutes would be more buckets than are told at once.
            var fromMs = sinceMs ?? run?.CreatedAtMs ?? toMs - (HourMs * (bucket == MetricsBucketLength.Minute ? 6 : 24));
            if (fromMs >= toMs && sinceMs is not null) throw new InvalidArgumentError("since", "since lies before now, and before the run's end.");
            var bucketMs = bucket is { } length ? (long)length * 1000 : (long?)null;
            if ((toMs - fromMs) / bucketMs >= MostBuckets)
            {
                throw new InvalidArgumentError("bucket", $"That makes more than {MostBuckets} buckets; take longer ones, or since={Instant.From(toMs - (bucketMs!.Value * (MostBuckets - 1))):yyyy-MM-ddTHH:mm:ssZ} or later.");
            }

            var claims = await AttemptsTable.SpansAsync(query, place, run_id, fromMs, MostClaims).ConfigureAwait(false);
            var spent = await CostsTable.SpentAsync(query, place, run_id, fromMs).ConfigureAwait(false);
            var delivered = await RunsTable.DeliveredAsync(query, place, run_id, fromMs).ConfigureAwait(false);
            var report = RunMetrics.Of(claims, spent, delivered, fromMs, toMs, bucketMs);
            return run is null ? report : report with { Estimate = await EstimateAsync(query, run).ConfigureAwait(false) };
        }, cancellation).ConfigureAwait(false);
    }

    private static async ValueTask<EstimateLine> EstimateAsync(IQuery query, RunRow run)
    {
        var estimate = Wire.Read<Estimate>((await PlansTable.FindAsync(query, run.PlanId).ConfigureAwait(false))!.Estimate);
        var cost = (await CostsTable.ListAsync(query, run.Workspace, run.RunId).ConfigureAwait(false)).Sum(charge => charge.CostMicros);
        var seconds = ((run.EndedAtMs ?? query.NowMs) - run.CreatedAtMs) / 1000.0;
        return new(
            run.EndedAtMs is not null, estimate.ExpectedSeconds, seconds, Off(seconds, estimate.ExpectedSeconds), estimate.ExpectedCostMicros, cost, Off(cost, estimate.ExpectedCostMicros));
    }

    private static double? Off(double actual, double expected) => expected > 0 ? Math.Round((actual - expected) / expected, 4) : null;
}

/// <summary>How long a bucket is.</summary>
public enum MetricsBucketLength
{
    Minute = 60,
    Hour = 3_600,
    Day = 86_400,
}
