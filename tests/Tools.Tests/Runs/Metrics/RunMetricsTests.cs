using Pipeline.Tools.Costs;
using Pipeline.Tools.Runs;
using Pipeline.Tools.Runs.Metrics;

namespace Pipeline.Tools.Tests.Runs.Metrics;

/// <summary>The arithmetic of metrics, on claims made by hand.</summary>
public sealed class RunMetricsTests
{
    private const long Minute = 60_000;

    [Fact]
    public void Throughput_cost_and_latency_are_of_what_ended_in_the_stretch()
    {
        var report = RunMetrics.Of(
            [
                Claim("ann", "cut", 0, Minute), Claim("ann", "cut", Minute, 3 * Minute), Claim("bob", "grade", 0, 4 * Minute, model: "m1"),
                Claim("bob", "grade", 4 * Minute, 5 * Minute, AttemptOutcome.Failed), Claim("bob", "grade", 9 * Minute, null), Claim("ann", "cut", -9 * Minute, -Minute),
            ],
            [new() { AtMs = Minute, CostMicros = 500 }, new() { AtMs = 2 * Minute, CostMicros = 700 }, new() { AtMs = -1, CostMicros = 9_999 }],
            [new() { AtMs = 5 * Minute, DeliveredMs = 90_000 }], 0, 10 * Minute, null);

        Assert.Equal(new MetricsTotal(3, 1, 0.3, 90, 9, 1_200, 800), report.Total);
        Assert.Equal([new LatencyLine("cut", 2, 60, 120), new LatencyLine("grade", 1, 240, 240)], report.Capabilities);
        Assert.Equal([new LatencyLine("m1", 1, 240, 240)], report.Models);
    }

    [Fact]
    public void A_worker_is_busy_once_however_many_claims_it_holds_and_there_from_its_first()
    {
        var report = RunMetrics.Of(
            [Claim("ann", "cut", 0, 4 * Minute), Claim("ann", "cut", 2 * Minute, 5 * Minute), Claim("bob", "cut", 5 * Minute, null), Claim("cy", "mix", 0, Minute), Claim("cy", "cut", Minute, 2 * Minute)],
            [], [], 0, 10 * Minute, null);

        Assert.Equal([("ann", 0.5, 0.5), ("bob", 1.0, 0.0), ("cy", 0.2, 0.8)], report.Workers.Select(worker => (worker.Worker, worker.BusyShare, worker.IdleShare)));
        Assert.Equal([("cut", 2, Math.Round(10 / 15.0, 6)), ("cut mix", 1, 0.2)], report.Pools.Select(pool => (string.Join(' ', pool.Capabilities), pool.Workers, pool.BusyShare)));
    }

    [Fact]
    public void Buckets_part_the_stretch_and_add_up_to_it()
    {
        var random = new Random(7);
        List<ClaimSpan> claims = [.. Enumerable.Range(0, 200).Select(_ => random.Next(0, 9 * 60_000)).Select(at => Claim("w" + (at % 5), "cut", at, at + random.Next(1, 60_000)))];
        List<SpentAt> spent = [.. Enumerable.Range(0, 100).Select(_ => new SpentAt { AtMs = random.Next(1, 600_001), CostMicros = random.Next(100) })];

        var report = RunMetrics.Of(claims, spent, [], 0, 10 * Minute, 3 * Minute);

        Assert.Equal(4, report.Buckets!.Count);
        Assert.Equal(report.Total.Steps, report.Buckets.Sum(bucket => bucket.Steps));
        Assert.Equal(report.Total.CostMicros, report.Buckets.Sum(bucket => bucket.CostMicros));
        Assert.All(report.Buckets, bucket => Assert.InRange(bucket.BusyShare, 0, 1));
        Assert.All(report.Workers, worker => Assert.InRange(worker.BusyShare, 0, 1));
    }

    [Fact]
    public void Percentiles_are_nearest_ranks()
    {
        double[] hundred = [.. Enumerable.Range(1, 100).Select(each => (double)each)];
        Assert.Equal((50, 95, 1, 100), (RunMetrics.Percentile(hundred, 0.5), RunMetrics.Percentile(hundred, 0.95), RunMetrics.Percentile(hundred, 0), RunMetrics.Percentile(hundred, 1)));
        Assert.Null(RunMetrics.Percentile([], 0.5));
    }

    [Fact]
    public void Nothing_at_all_is_a_report_too()
    {
        var report = RunMetrics.Of([], [], [], 5, 5, Minute);
        Assert.Equal(new MetricsTotal(0, 0, null, 0, null, 0, null), report.Total);
        Assert.Empty(report.Buckets!);
    }

    private static ClaimSpan Claim(string worker, string capability, long from, long? to, string outcome = AttemptOutcome.Succeeded, string? model = null) => new()
    {
        Capability = capability, Principal = worker, Agent = worker, ClaimedAtMs = from, EndedAtMs = to, Outcome = to is null ? null : outcome, Model = model,
    };
}
