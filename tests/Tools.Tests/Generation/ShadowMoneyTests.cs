using System.Text.Json;
using Pipeline.Tools.Tests.Runs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Generation;

/// <summary>A shadow is paid from a budget of its own, never from its run's.</summary>
public sealed class ShadowMoneyTests
{
    private const long Dear = 5 * JobHouse.Price;

    [Fact]
    public async Task A_shadow_takes_nothing_of_its_run_and_stands_in_the_workspaces_ledger()
    {
        var vendor = new ScriptedVendor();
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        await SplitAsync(house, Dear);
        var (run, step) = await RoutedAsync(house, budget: JobHouse.Price);

        var shadow = await house.Client.CallAsync("generate_media", Order(step, "dear-words", "film/shadow-a.txt"));
        var made = await house.Client.CallAsync("generate_media", Order(step, "words", "film/a.txt"));
        await house.Client.CompleteAsync(step, new { asset = "film/a.txt@1" }, cost: JobHouse.Price);

        Assert.Equal(("done", "done"), (shadow.Text("state"), made.Text("state")));
        Assert.Equal(JobHouse.Price, Micros(await house.Client.CallAsync("report_costs", new { run_id = run }), "cost"));
        Assert.Equal(JobHouse.Price + Dear, Micros(await house.Client.CallAsync("report_costs", new { workspace = "film" }), "cost"));
        Assert.Equal(JobHouse.Price, Micros((await house.Client.CallAsync("set_budget", new { run_id = run, limit_micros = JobHouse.Price })).GetProperty("budget"), "spent"));
    }

    [Fact]
    public async Task Only_the_one_that_was_decided_is_no_money_of_the_runs()
    {
        var vendor = new ScriptedVendor();
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        await SplitAsync(house, Dear);
        var (_, step) = await RoutedAsync(house, budget: JobHouse.Price);
        await house.Client.CallAsync("generate_media", Order(step, "dear-words", "film/shadow-a.txt"));

        await house.Client.RefusedAsync("generate_media", Order(step, "dear-words", "film/second.txt"), "budget_exceeded");
        await house.Client.RefusedAsync("generate_media", Order(step, "many-words", "film/third.txt"), "budget_exceeded");

        Assert.Equal(1, vendor.Submits);
    }

    [Theory]
    [InlineData(Dear, false)]
    [InlineData(2 * Dear, true)]
    public async Task A_shadow_that_is_dearer_than_it_was_thought_needs_room_in_its_own_budget(long budget, bool isMade)
    {
        var vendor = new ScriptedVendor();
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        await SplitAsync(house, budget);
        var (run, step) = await RoutedAsync(house, budget: 100 * Dear);
        var decided = (await house.Client.CallAsync("set_traffic", new { capability = "generate_text" })).GetProperty("shadow_micros").GetInt64();
        // Meanwhile its price has risen by half.
        var card = JsonSerializer.SerializeToNode((await house.Client.CallAsync("list_models", new { capability = "generate_text" })).GetProperty("models").EnumerateArray().Single(model => model.Text("id") == "dear-words"))!;
        card["price"]!["per_request_micros"] = Dear + (Dear / 2);
        await house.Client.CallAsync("register_model", new { card });

        var answer = await house.Client.RawAsync("generate_media", Order(step, "dear-words", "film/shadow-a.txt"));

        Assert.Equal(Dear, decided);
        Assert.Equal(isMade, answer.IsError != true);
        Assert.Equal(isMade ? 1 : 0, vendor.Submits);
        Assert.Equal(isMade ? Dear + (Dear / 2) : Dear, (await house.Client.CallAsync("set_traffic", new { capability = "generate_text" })).GetProperty("shadow_micros").GetInt64());
        Assert.Equal(0, Micros(await house.Client.CallAsync("report_costs", new { run_id = run }), "cost"));
        if (!isMade) Assert.Equal("budget_exceeded", answer.StructuredContent!.Value.Text("code"));
    }

    private static Task<JsonElement> SplitAsync(JobHouse house, long budget) => house.Client.CallAsync("set_traffic", new
    {
        capability = "generate_text", weights = new Dictionary<string, double> { ["words"] = 1 }, shadow = new { model = "dear-words", share = 1.0, budget_micros = budget },
    });

    private static async Task<(string Run, JsonElement Step)> RoutedAsync(JobHouse house, long budget)
    {
        var plan = JsonDocument.Parse("""{"steps": [{"id": "a", "capability": "generate_text", "inputs": {"prompt": "x", "output": "film/a.txt"}}]}""").RootElement;
        var created = await house.Client.CallAsync("create_plan", new { workspace = "film", plan });
        var run = (await house.Client.CallAsync("start_run", new { plan_id = created.Text("plan_id"), budget_micros = budget })).Text("run_id");
        var step = await house.Client.TakeAsync("generate_text");
        var routed = await house.Client.CallAsync("route_step", new { run_id = run, step_id = "a" });
        Assert.Equal(("words", "dear-words"), (routed.Text("model"), routed.GetProperty("shadow").Text("model")));
        return (run, step);
    }

    private static object Order(JsonElement step, string model, string output) => new
    {
        model, prompt = "x", output, wait_seconds = 45, idempotency_key = output, claim = new { run_id = step.Text("run_id"), step_id = step.Text("step_id"), generation = step.GetProperty("generation").GetInt64() },
    };

    private static long Micros(JsonElement element, string name) => element.GetProperty(name + "_micros").GetInt64();
}
