using System.Collections.Concurrent;
using System.Diagnostics;
using ModelContextProtocol.Client;

namespace Pipeline.Tools.Tests.Runs;

public sealed class ManyWorkersTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Twenty_workers_do_each_of_two_hundred_items_once()
    {
        await using var house = await RunHouse.OpenAsync();
        var run = await house.StartAsync(
            """
            {"id": "find", "capability": "x-find"},
            {"id": "cut", "capability": "x-cut", "needs": ["find"], "for_each": "${steps.find.outputs.hits}", "inputs": {"hit": "${item}"}},
            {"id": "join", "capability": "x-join", "needs": ["cut"], "inputs": {"all": "${steps.cut.items[*].outputs.made}"}}
            """);
        var workers = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => house.WorkerAsync($"w{n}")));
        var done = new ConcurrentBag<string>();
        var began = Stopwatch.StartNew();

        using var over = new CancellationTokenSource();
        await Task.WhenAll(workers.Select(worker => WorkAsync(worker, done, over)));

        output.WriteLine($"{done.Count} claims and completions in {began.Elapsed.TotalSeconds:0.00} s: {done.Count / began.Elapsed.TotalSeconds:0} a second");
        Assert.Equal(202, done.Count);
        Assert.Equal(202, done.Distinct().Count());
        var shown = await house.RunAsync(run);
        Assert.Equal("succeeded", shown.Text("state"));
        var steps = shown.GetProperty("steps").EnumerateArray().Where(step => step.Text("step_id") != "cut").ToList();
        Assert.Equal(202, steps.Count);
        Assert.All(steps, step => Assert.Single(step.GetProperty("attempts").EnumerateArray(), attempt => attempt.Text("outcome") == "succeeded"));
        Assert.Equal(Enumerable.Range(0, 200), steps[^1].GetProperty("inputs").GetProperty("all").EnumerateArray().Select(one => one.GetInt32()));
    }

    private static async Task WorkAsync(McpClient worker, ConcurrentBag<string> done, CancellationTokenSource over)
    {
        while (!over.IsCancellationRequested)
        {
            if (await worker.ClaimAsync(["x-find", "x-cut", "x-join"], wait: 0.5) is not { } step) continue;
            var made = step.Text("capability") switch
            {
                "x-find" => (object)new { hits = Enumerable.Range(0, 200) },
                "x-cut" => new { made = step.GetProperty("inputs").GetProperty("hit").GetInt32() },
                _ => new { },
            };
            done.Add(step.Text("step_id"));
            if ((await worker.CompleteAsync(step, made)).Text("run_state") == "succeeded") await over.CancelAsync();
        }
    }
}
