using System.Text.Json;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Tests.Runs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Generation;

/// <summary>What a worker reports of its step's cost and what the server bought for it are the same money once.</summary>
public sealed class StepCostTests
{
    [Theory]
    [InlineData(JobHouse.Price, JobHouse.Price)]
    [InlineData(JobHouse.Price + 500, JobHouse.Price + 500)]
    [InlineData(0L, JobHouse.Price)]
    [InlineData(null, JobHouse.Price)]
    public async Task A_worker_says_what_its_step_cost_in_all_and_only_what_goes_beyond_its_jobs_is_added(long? reported, long total)
    {
        await using var house = (await JobHouse.OpenAsync(new ScriptedVendor())).Start();
        var (run, step) = await StartAsync(house);
        await house.Client.CallAsync("generate_media", Order(step));

        await house.Client.CompleteAsync(step, new { asset = "film/a.txt@1" }, cost: reported);

        Assert.Equal(total, await CostAsync(house, run));
        Assert.Equal(total, await SpentAsync(house, run));
    }

    [Fact]
    public async Task Less_than_its_jobs_cost_is_refused_and_the_step_goes_on()
    {
        await using var house = (await JobHouse.OpenAsync(new ScriptedVendor())).Start();
        var (run, step) = await StartAsync(house);
        await house.Client.CallAsync("generate_media", Order(step));

        var refused = await house.Client.RefusedAsync("complete_step", WorkerCalls.Report(step, new { asset = "film/a.txt@1" }, cost: 500), "already_charged");

        Assert.Equal((JobHouse.Price, 500), (refused.GetProperty("facts").GetProperty("charged_micros").GetInt64(), refused.GetProperty("facts").GetProperty("reported_micros").GetInt64()));
        Assert.Equal("claimed", (await house.Client.CallAsync("get_run", new { run_id = run })).GetProperty("steps")[0].Text("state"));
        await house.Client.CompleteAsync(step, new { asset = "film/a.txt@1" }, cost: JobHouse.Price);
        Assert.Equal(JobHouse.Price, await CostAsync(house, run));
    }

    [Fact]
    public async Task Each_attempt_answers_for_its_own_jobs()
    {
        await using var house = (await JobHouse.OpenAsync(new ScriptedVendor())).Start();
        var (run, first) = await StartAsync(house);
        await house.Client.CallAsync("generate_media", Order(first));
        await house.Client.FailAsync(first, cost: JobHouse.Price + 1);
        var second = await house.Client.TakeAsync();
        await house.Client.CallAsync("generate_media", Order(second));

        await house.Client.CompleteAsync(second, new { asset = "film/a.txt@2" }, cost: JobHouse.Price + 20);

        Assert.Equal((2 * JobHouse.Price) + 21, await CostAsync(house, run));
    }

    [Fact]
    public async Task A_worker_that_was_replaced_and_the_one_that_replaced_it_tell_of_the_same_job()
    {
        var vendor = new ScriptedVendor();
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        var (run, first) = await StartAsync(house, lease: 1);
        await house.Client.CallAsync("generate_media", Order(first, "film/a.txt", 0));
        var other = await house.House.ConnectAsync("other");
        JsonElement? second = null;
        while (second is null) second = await other.ClaimAsync(["x-work"], wait: 5);
        await other.CallAsync("generate_media", Order(second.Value));

        await house.Client.RefusedAsync("complete_step", WorkerCalls.Report(first, new { asset = "film/a.txt@1" }, cost: JobHouse.Price), "superseded");
        await other.CompleteAsync(second.Value, new { asset = "film/a.txt@1" }, cost: JobHouse.Price);

        Assert.Equal(1, vendor.Submits);
        Assert.Equal(JobHouse.Price, await CostAsync(house, run));
    }

    [Fact]
    public async Task A_job_that_goes_on_counts_at_the_most_that_it_may_cost()
    {
        var vendor = new ScriptedVendor { OnPoll = (_, _, _) => Task.FromResult(new JobReport(JobStanding.Running)) };
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        var (run, step) = await StartAsync(house);
        await house.Client.CallAsync("generate_media", Order(step, "film/a.txt", 0));

        await house.Client.FailAsync(step, retryable: false, cost: JobHouse.Price + 5);

        Assert.Equal(5, await CostAsync(house, run));
    }

    private static async Task<(string Run, JsonElement Step)> StartAsync(JobHouse house, double lease = 60)
    {
        var plan = JsonDocument.Parse("""{"steps": [{"id": "a", "capability": "x-work", "retry": {"max_attempts": 3, "backoff_seconds": 0}}]}""").RootElement;
        var created = await house.Client.CallAsync("create_plan", new { workspace = "film", plan });
        var run = (await house.Client.CallAsync("start_run", new { plan_id = created.Text("plan_id"), budget_micros = 100 * JobHouse.Price })).Text("run_id");
        return (run, await house.Client.TakeAsync(lease: lease));
    }

    private static object Order(JsonElement step, string output = "film/a.txt", double wait_seconds = 45) => new
    {
        model = "words", prompt = "x", output, wait_seconds, claim = new { run_id = step.Text("run_id"), step_id = step.Text("step_id"), generation = step.GetProperty("generation").GetInt64() },
    };

    private static async Task<long> CostAsync(JobHouse house, string run) => (await house.Client.CallAsync("report_costs", new { run_id = run })).GetProperty("cost_micros").GetInt64();

    private static async Task<long> SpentAsync(JobHouse house, string run) =>
        (await house.Client.CallAsync("set_budget", new { run_id = run, limit_micros = 100 * JobHouse.Price })).GetProperty("budget").GetProperty("spent_micros").GetInt64();
}
