using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using Pipeline.Tools.Models;
using Pipeline.Tools.Tests.Plans;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Runs;

/// <summary>
/// What create_plan expects against what runs came to: fifty mixed plans over the tools, on a clock moved by hand, with the declared worker slots and
/// vendors that take up to a fifth more or less than their cards say and charge what their price lists say.
/// </summary>
public sealed class EstimateTests
{
    private const int Plans = 50;

    private static readonly string[] Models = ["swift-video", "studio-video", "swift-image", "studio-image", "score-audio", "small-writer"];

    [Fact]
    public async Task Fifty_mixed_plans_take_and_cost_what_was_expected()
    {
        await using var house = await RunHouse.OpenAsync(byHand: true);
        var worker = await house.WorkerAsync("worker");
        var (off, estimated, actual, chances) = (new List<double>(), 0.0, 0.0, 0.0);
        long expectedMicros = 0, paidMicros = 0;
        for (var seed = 0; seed < Plans; seed++)
        {
            var random = new Random(seed);
            var (plan, isCertain) = Plan(random, seed % 5);
            var slots = 1 + (seed % 4);
            var created = await house.Director.CallAsync("create_plan", new { workspace = "film", plan = JsonDocument.Parse(plan).RootElement, workers = slots });
            var run = (await house.Director.CallAsync("start_run", new { plan_id = created.Text("plan_id"), inputs = new { yes = random.NextDouble() < 0.8 } })).Text("run_id");
            await PlayAsync(house, worker, random, slots);

            var line = (await house.Director.CallAsync("report_metrics", new { run_id = run })).GetProperty("estimate");
            Assert.True(line.GetProperty("final").GetBoolean(), plan);
            var (cost, expected) = (line.GetProperty("cost_micros").GetInt64(), line.GetProperty("estimated_cost_micros").GetInt64());
            if (isCertain)
            {
                Assert.Equal(expected, cost);
            }
            else
            {
                chances++;
            }

            off.Add(Math.Abs(line.GetProperty("seconds_off").GetDouble()));
            estimated += line.GetProperty("estimated_seconds").GetDouble();
            actual += line.GetProperty("seconds").GetDouble();
            (expectedMicros, paidMicros) = (expectedMicros + expected, paidMicros + cost);
        }

        var told = string.Create(CultureInfo.InvariantCulture,
            $"{Plans} plans, {chances} with conditions: latency off by {off.Average():P1} on average, {off.Max():P1} at most, {off.Count(each => each <= 0.25)} within 25 %; all together {(actual - estimated) / estimated:P1}. Cost {paidMicros} against {expectedMicros}.");
        TestContext.Current.TestOutputHelper?.WriteLine(told);
        TestContext.Current.SendDiagnosticMessage(told);
        Assert.True(off.Count(each => each <= 0.25) == Plans, told);
        Assert.InRange(Math.Abs(actual - estimated) / estimated, 0, 0.25);
    }

    [Fact]
    public async Task What_a_model_took_here_is_expected_of_it_next_time()
    {
        await using var house = await RunHouse.OpenAsync(byHand: true);
        var worker = await house.WorkerAsync("worker");
        const string Plan = """{"steps": [{"id": "shot", "capability": "generate_video", "models": ["swift-video"], "for_each": [1, 2, 3], "inputs": {"prompt": "x", "duration_seconds": 4, "output": "film/x.mp4"}}]}""";
        async Task<JsonElement> CreateAsync() => await house.Director.CallAsync("create_plan", new { workspace = "film", plan = JsonDocument.Parse(Plan).RootElement, workers = 1 });

        var before = await CreateAsync();
        await house.Director.CallAsync("start_run", new { plan_id = before.Text("plan_id") });
        for (var done = 0; done < 3; done++)
        {
            var step = await worker.TakeAsync("generate_video");
            house.Clock.Advance(TimeSpan.FromSeconds(30));
            await worker.CompleteAsync(step, new { asset = "film/x.mp4" }, model: "swift-video");
        }

        var after = await CreateAsync();
        Assert.Equal((60, 90), (before.GetProperty("estimated_latency_seconds").GetDouble(), after.GetProperty("estimated_latency_seconds").GetDouble()));
        Assert.Equal(before.GetProperty("estimated_cost_micros").GetInt64(), after.GetProperty("estimated_cost_micros").GetInt64());
    }

    // Whoever is free takes what is ready; then time passes until the first is done.
    private static async Task PlayAsync(RunHouse house, McpClient worker, Random random, int slots)
    {
        var capabilities = Make.Models.Models.SelectMany(card => card.Capabilities).Append("x-work").Distinct().ToArray();
        var busy = new PriorityQueue<JsonElement, double>();
        for (var now = 0.0; ;)
        {
            while (busy.Count < slots && await worker.ClaimAsync(capabilities, lease: 3600) is { } step)
            {
                busy.Enqueue(step, now + (Seconds(step) * (0.8 + (0.4 * random.NextDouble()))));
            }

            if (!busy.TryDequeue(out var done, out var at)) return;
            house.Clock.Advance(TimeSpan.FromSeconds(Math.Max(0, at - now)));
            now = Math.Max(now, at);
            var price = Price(done);
            await worker.CompleteAsync(done, new { asset = "film/x.mp4" }, cost: price == 0 ? null : price);
        }
    }

    private static ModelCard? Card(JsonElement step) => step.TryGetProperty("models", out var models) && models.GetArrayLength() > 0 ? Make.Models.Find(models[0].GetString()!) : null;

    private static Demand DemandOf(JsonElement step) => Demand.From(step.Text("capability"), (JsonObject)JsonNode.Parse(step.GetProperty("inputs").GetRawText())!);

    private static double Seconds(JsonElement step) => Card(step)?.Latency.Of(DemandOf(step).DurationSeconds) ?? 1;

    private static long Price(JsonElement step) => Card(step)?.Price!.Of(DemandOf(step)) ?? 0;

    // Chains, branches, fan-outs, conditions, and all of them at once; only conditions leave anything to chance.
    private static (string Plan, bool IsCertain) Plan(Random random, int kind)
    {
        var steps = new List<string>();
        switch (kind)
        {
            case 0:
                for (var i = 0; i < 4; i++) steps.Add(Call(random, $"a{i}", i == 0 ? [] : [$"a{i - 1}"]));
                break;
            case 1:
                var branches = random.Next(3, 7);
                for (var i = 0; i < branches; i++) steps.Add(Call(random, $"b{i}", []));
                steps.Add(Call(random, "merge", [.. Enumerable.Range(0, branches).Select(i => $"b{i}")]));
                break;
            case 2:
                steps.Add(Call(random, "script", []));
                steps.Add(Call(random, "shots", ["script"], $", \"for_each\": [{string.Join(",", Enumerable.Range(0, random.Next(3, 10)))}]"));
                steps.Add(Call(random, "final", ["shots"]));
                break;
            case 3:
                for (var i = 0; i < 5; i++) steps.Add(Call(random, $"c{i}", i == 0 ? [] : [$"c{i - 1}"]));
                steps.Add(Work("maybe", "c4", ", \"when\": \"inputs.yes\", \"expect\": {\"probability\": 0.8}"));
                break;
            default:
                steps.Add(Call(random, "script", []));
                steps.Add(Call(random, "frames", ["script"], ", \"for_each\": [1, 2, 3, 4]"));
                steps.Add(Call(random, "music", ["script"]));
                steps.Add(Call(random, "one", ["frames"]));
                steps.Add(Call(random, "two", ["frames"]));
                steps.Add(Call(random, "cut", ["one", "two"], ", \"join\": \"any\""));
                steps.Add(Work("mend", "cut", ", \"when\": \"inputs.yes\", \"expect\": {\"probability\": 0.8}"));
                steps.Add(Call(random, "end", ["cut", "music"]));
                break;
        }

        return ($$"""{"steps": [{{string.Join(",", steps)}}]}""", kind < 3);
    }

    private static string Work(string id, string need, string more) => $$"""{"id": "{{id}}", "capability": "x-work", "needs": ["{{need}}"]{{more}}}""";

    private static string Call(Random random, string id, string[] needs, string more = "")
    {
        var card = Make.Models.Find(Models[random.Next(Models.Length)])!;
        var timed = card.Capabilities[0] is "generate_video" or "generate_audio" ? $", \"duration_seconds\": {random.Next(2, 9)}" : "";
        return $$"""
            {"id": "{{id}}", "capability": "{{card.Capabilities[0]}}", "models": ["{{card.Id}}"], "needs": [{{string.Join(",", needs.Select(need => $"\"{need}\""))}}],
             "inputs": {"prompt": "a door opens", "output": "film/{{id}}.mp4"{{timed}}}{{more}}}
            """;
    }
}
