using System.Text.Json;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Runs.Metrics;

/// <summary>Metrics of real runs on a clock that is moved by hand.</summary>
public sealed class ReportMetricsTests
{
    [Fact]
    public async Task A_run_tells_throughput_cost_busy_share_and_how_far_off_its_estimate_was()
    {
        await using var house = await RunHouse.OpenAsync(byHand: true);
        var (ann, bob) = (await house.WorkerAsync("ann"), await house.WorkerAsync("bob"));
        var run = await house.StartAsync("""{"id": "a", "capability": "x-work"}, {"id": "b", "capability": "x-work"}, {"id": "c", "capability": "x-more", "needs": ["a", "b"]}""");
        var (first, second) = (await ann.TakeAsync(), await bob.TakeAsync());
        house.Clock.Advance(TimeSpan.FromSeconds(10));
        await ann.CompleteAsync(first, cost: 400_000, model: "m1");
        house.Clock.Advance(TimeSpan.FromSeconds(10));
        await bob.CompleteAsync(second, metrics: new { duration_seconds = 99 });
        var last = await bob.TakeAsync("x-more");
        house.Clock.Advance(TimeSpan.FromSeconds(20));
        await bob.CompleteAsync(last, metrics: new { duration_seconds = 30 }, cost: 100_000);
        house.Clock.Advance(TimeSpan.FromSeconds(500));

        var report = await house.Director.CallAsync("report_metrics", new { run_id = run, bucket = "minute" });

        var total = report.GetProperty("total");
        Assert.Equal((3, 4.5, 30, 45, 500_000, 1_000_000), (Number(total, "steps"), Number(total, "steps_per_minute"), Number(total, "media_seconds"), Number(total, "media_seconds_per_minute"), Number(total, "cost_micros"), Number(total, "cost_per_minute_micros")));
        Assert.Equal(["ann 0.25", "bob 1"], report.GetProperty("workers").EnumerateArray().Select(worker => $"{worker.Text("worker")} {worker.GetProperty("busy_share")}"));
        Assert.Equal((10, 20), (Number(report.GetProperty("capabilities")[1], "p50_seconds"), Number(report.GetProperty("capabilities")[1], "p95_seconds")));
        Assert.Equal(1, report.GetProperty("buckets").GetArrayLength());
        var estimate = report.GetProperty("estimate");
        Assert.True(estimate.GetProperty("final").GetBoolean());
        Assert.Equal((2, 40, 19, 500_000), (Number(estimate, "estimated_seconds"), Number(estimate, "seconds"), Number(estimate, "seconds_off"), Number(estimate, "cost_micros")));

        var costs = await house.Director.CallAsync("report_costs", new { run_id = run, group_by = "provider" });
        Assert.Equal((30, 16_667), (Number(costs, "accepted_seconds"), Number(costs, "cost_per_second_micros")));
        var over = await house.Director.CallAsync("report_metrics", new { workspace = "film", bucket = "hour" });
        Assert.Equal((3, 24), (Number(over.GetProperty("total"), "steps"), over.GetProperty("buckets").GetArrayLength()));
        Assert.False(over.TryGetProperty("estimate", out _));
    }

    [Fact]
    public async Task Every_bucket_has_a_since_of_its_own_that_fits()
    {
        await using var house = await RunHouse.OpenAsync();

        foreach (var (bucket, count) in new[] { ("minute", 360), ("hour", 24), ("day", 1) })
        {
            var report = await house.Director.CallAsync("report_metrics", new { workspace = "film", bucket });
            Assert.Equal(count, report.GetProperty("buckets").GetArrayLength());
        }

        var error = await house.Director.RefusedAsync("report_metrics", new { workspace = "film", bucket = "minute", since = "2020-01-01" }, "invalid_argument");
        var offered = error.Text("message").Split("since=")[1].Split(' ')[0];
        await house.Director.CallAsync("report_metrics", new { workspace = "film", bucket = "minute", since = offered });
    }

    [Fact]
    public async Task What_cannot_be_reported_is_refused_by_name()
    {
        await using var house = await RunHouse.OpenAsync();
        await house.Director.RefusedAsync("report_metrics", new { }, "invalid_argument");
        await house.Director.RefusedAsync("report_metrics", new { workspace = "film", run_id = "run_x" }, "invalid_argument");
        await house.Director.RefusedAsync("report_metrics", new { workspace = "none" }, "not_found");
        await house.Director.RefusedAsync("report_metrics", new { run_id = "run_x" }, "not_found");
        await house.Director.RefusedAsync("report_metrics", new { workspace = "film", bucket = "minute", since = "2020-01-01" }, "invalid_argument");
        await house.Director.RefusedAsync("report_metrics", new { workspace = "film", since = "2100-01-01T00:00:00Z" }, "invalid_argument");
    }

    private static double Number(JsonElement of, string name) => of.GetProperty(name).GetDouble();
}
