using Pipeline.Tools.Contract;
using Pipeline.Tools.Costs;

namespace Pipeline.Tools.Runs.Metrics;

/// <summary>
/// What claims, charges and deliveries come to over a stretch of time. Pure. A worker is busy while it holds at least one claim, and is there from its
/// first claim in the stretch to the end of the stretch; a pool is all workers that did the same set of capabilities.
/// </summary>
public static class RunMetrics
{
    /// <param name="claims">Every claim that touches the stretch.</param>
    /// <param name="spent">Every charge.</param>
    /// <param name="delivered">Every run that ended with media.</param>
    /// <param name="fromMs">Start of the stretch.</param>
    /// <param name="toMs">Its end.</param>
    /// <param name="bucketMs">How long a bucket is; null for none.</param>
    public static MetricsReport Of(
        IReadOnlyList<ClaimSpan> claims, IReadOnlyList<SpentAt> spent, IReadOnlyList<DeliveredAt> delivered, long fromMs, long toMs, long? bucketMs)
    {
        var workers = Workers(claims, fromMs, toMs);
        var buckets = new List<MetricsBucket>();
        for (var at = fromMs; bucketMs is { } length && at < toMs; at += length)
        {
            buckets.Add(Bucket(claims, spent, delivered, at, Math.Min(at + length, toMs)));
        }

        return new(
            Instant.From(fromMs), Instant.From(toMs), Total(claims, spent, delivered, fromMs, toMs),
            Latencies(claims, fromMs, toMs, claim => claim.Capability), Latencies(claims, fromMs, toMs, claim => claim.Model), [.. workers.Select(worker => worker.Shown)], Pools(workers),
            bucketMs is null ? null : buckets, null);
    }

    /// <summary>The value below which a share of them lies, by nearest rank; null of none.</summary>
    public static double? Percentile(IReadOnlyList<double> values, double share) =>
        values.Count == 0 ? null : values.Order().ElementAt(Math.Clamp((int)Math.Ceiling(share * values.Count) - 1, 0, values.Count - 1));

    /// <summary>Milliseconds that at least one of the spans covers within the stretch.</summary>
    public static long CoveredMs(IEnumerable<ClaimSpan> claims, long fromMs, long toMs)
    {
        var (covered, reach) = (0L, fromMs);
        foreach (var claim in claims.OrderBy(claim => claim.ClaimedAtMs))
        {
            var end = Math.Min(claim.EndedAtMs ?? toMs, toMs);
            covered += Math.Max(0, end - Math.Max(claim.ClaimedAtMs, reach));
            reach = Math.Max(reach, end);
        }

        return covered;
    }

    private static MetricsTotal Total(IReadOnlyList<ClaimSpan> claims, IReadOnlyList<SpentAt> spent, IReadOnlyList<DeliveredAt> delivered, long fromMs, long toMs)
    {
        var minutes = (toMs - fromMs) / 60_000.0;
        var steps = claims.Count(claim => IsDone(claim) && In(claim.EndedAtMs!.Value, fromMs, toMs));
        var failed = claims.Count(claim => claim.EndedAtMs is { } end && !IsDone(claim) && In(end, fromMs, toMs));
        var mediaSeconds = delivered.Where(each => In(each.AtMs, fromMs, toMs)).Sum(each => each.DeliveredMs) / 1000.0;
        var micros = spent.Where(each => In(each.AtMs, fromMs, toMs)).Sum(each => each.CostMicros);
        return new(
            steps, failed, minutes > 0 ? Round(steps / minutes) : null, mediaSeconds, minutes > 0 ? Round(mediaSeconds / minutes) : null, micros,
            mediaSeconds > 0 ? (long)Math.Round(micros / (mediaSeconds / 60)) : null);
    }

    private static MetricsBucket Bucket(IReadOnlyList<ClaimSpan> claims, IReadOnlyList<SpentAt> spent, IReadOnlyList<DeliveredAt> delivered, long fromMs, long toMs)
    {
        var total = Total(claims, spent, delivered, fromMs, toMs);
        var seconds = Seconds(claims, fromMs, toMs);
        var workers = Workers(claims, fromMs, toMs);
        return new(
            Instant.From(fromMs), total.Steps, total.Failed, total.MediaSeconds, total.CostMicros, Percentile(seconds, 0.5), Percentile(seconds, 0.95),
            Share(workers.Sum(worker => worker.BusyMs), workers.Sum(worker => worker.ThereMs)));
    }

    private static IReadOnlyList<LatencyLine> Latencies(IReadOnlyList<ClaimSpan> claims, long fromMs, long toMs, Func<ClaimSpan, string?> key) =>
    [
        .. claims.Where(claim => key(claim) is not null).GroupBy(claim => key(claim)!, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (group.Key, Seconds: Seconds([.. group], fromMs, toMs))).Where(group => group.Seconds.Count > 0)
            .Select(group => new LatencyLine(group.Key, group.Seconds.Count, Percentile(group.Seconds, 0.5)!.Value, Percentile(group.Seconds, 0.95)!.Value)),
    ];

    private static List<double> Seconds(IReadOnlyList<ClaimSpan> claims, long fromMs, long toMs) =>
        [.. claims.Where(claim => IsDone(claim) && In(claim.EndedAtMs!.Value, fromMs, toMs)).Select(claim => (claim.EndedAtMs!.Value - claim.ClaimedAtMs) / 1000.0)];

    private static List<WorkerSpan> Workers(IReadOnlyList<ClaimSpan> claims, long fromMs, long toMs) =>
    [
        .. claims.Where(claim => claim.ClaimedAtMs < toMs && (claim.EndedAtMs ?? toMs) >= fromMs).GroupBy(claim => claim.Worker, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => WorkerSpan.Of(group.Key, [.. group], fromMs, toMs)),
    ];

    private static IReadOnlyList<PoolLine> Pools(List<WorkerSpan> workers) =>
    [
        .. workers.GroupBy(worker => string.Join(' ', worker.Capabilities), StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (group.First().Capabilities, Count: group.Count(), Busy: Share(group.Sum(worker => worker.BusyMs), group.Sum(worker => worker.ThereMs))))
            .Select(pool => new PoolLine(pool.Capabilities, pool.Count, pool.Busy, Round(1 - pool.Busy))),
    ];

    private static bool IsDone(ClaimSpan claim) => claim.Outcome == AttemptOutcome.Succeeded && claim.EndedAtMs is not null;

    // What happens at the end of one bucket belongs to it, not to the next.
    private static bool In(long atMs, long fromMs, long toMs) => atMs > fromMs && atMs <= toMs;

    private static double Share(long part, long whole) => whole == 0 ? 0 : Round((double)part / whole);

    private static double Round(double value) => Math.Round(value, 6);

    private sealed record WorkerSpan(string Name, IReadOnlyList<string> Capabilities, int Claims, long BusyMs, long ThereMs)
    {
        public WorkerLine Shown => new(Name, Capabilities, Claims, Round(BusyMs / 1000.0), Share(BusyMs, ThereMs), Round(1 - Share(BusyMs, ThereMs)));

        public static WorkerSpan Of(string name, IReadOnlyList<ClaimSpan> claims, long fromMs, long toMs) => new(
            name, [.. claims.Select(claim => claim.Capability).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], claims.Count,
            CoveredMs(claims, fromMs, toMs), toMs - Math.Max(fromMs, claims.Min(claim => claim.ClaimedAtMs)));
    }
}
