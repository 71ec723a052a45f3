using System.Text.Json.Nodes;
using Pipeline.Tools.Tests.Runs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Costs;

/// <summary>No sum that one caller tells makes the ledger or a price unreadable for all.</summary>
public sealed class HugeSumsTests
{
    [Fact]
    public async Task A_worker_that_tells_an_absurd_cost_is_refused_and_the_report_stays_readable()
    {
        await using var house = await RunHouse.OpenAsync();
        var worker = await house.WorkerAsync("ann");
        var run = await house.StartAsync("""{"id": "a", "capability": "x-work"}, {"id": "b", "capability": "x-work"}""", budget: 1000);
        var (a, b) = (await worker.TakeAsync(), await worker.TakeAsync());

        await worker.RefusedAsync("complete_step", WorkerCalls.Report(a, cost: long.MaxValue), "invalid_argument");
        await worker.RefusedAsync("fail_step", new { run_id = run, step_id = b.Text("step_id"), generation = 1, error = new { code = "x", message = "y" }, cost_micros = long.MaxValue }, "invalid_argument");

        await worker.CompleteAsync(a, cost: 1_000_000_000_000_000);
        await worker.CompleteAsync(b, cost: 1_000_000_000_000_000);
        Assert.Equal(2_000_000_000_000_000, (await house.Director.CallAsync("report_costs", new { run_id = run })).GetProperty("cost_micros").GetInt64());
    }

    [Theory]
    [InlineData("per_request_micros")]
    [InlineData("per_second_micros")]
    [InlineData("per_million_input_tokens_micros")]
    public async Task A_price_that_cannot_be_reckoned_with_is_refused_with_its_card(string part)
    {
        await using var house = await RunHouse.OpenAsync();
        var card = JsonNode.Parse($$"""
            {"id": "huge", "version": "1", "provider": "example-fast", "kind": "http", "capabilities": ["generate_video"], "inputs": ["text"], "outputs": ["video"],
             "price": {"{{part}}": 9223372036854775807}, "tier": "draft", "latency": {"fixed_seconds": 1}, "quality": 0.5}
            """);

        await house.Director.RefusedAsync("register_model", new { card }, "invalid_catalogue");
        await house.Director.CallAsync("route_step", new { capability = "generate_video", inputs = new { prompt = "x" }, dry_run = true });
    }
}
