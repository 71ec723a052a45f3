using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;
using Pipeline.Agents.Director;
using Pipeline.Agents.Tests.Serving;
using Pipeline.Agents.Workers;
using Pipeline.Faults.Vendors;

namespace Pipeline.Agents.Tests.Director;

/// <summary>One brief, a few shots, a budget, and a vendor that fails in the middle.</summary>
public sealed class SmallStudioTests
{
    private const long Budget = 100_000;
    private const long Price = 25_000;

    [Fact]
    public async Task A_vendor_that_fails_in_the_middle_is_replaced_and_the_bill_is_the_ledger()
    {
        var purchases = 0;
        await using var vendor = await VendorServer.StartAsync(new VendorSettings { PriceMicros = _ => Price, Choose = () => Interlocked.Increment(ref purchases) == 1 ? VendorFault.None : VendorFault.FailsFree });
        await using var server = await Server.OpenAsync(one => Configure(one, vendor));
        using var end = new CancellationTokenSource();
        var workers = WorkerHost.RunAsync(new WorkerOptions { Server = server.Address, Workspace = "studio", Name = "worker", Concurrency = 2, WaitSeconds = 5 }, null, end.Token);

        var result = await DirectorHost.RunAsync(
            new DirectorOptions
            {
                Server = server.Address,
                Workspace = "studio",
                Brief = "A 6 second film. Shot 1: a door in the rain. Shot 2: the street behind it at night. Shot 3: the same door at dawn.",
                Generation = new GenerationWishes { Models = ["vendor-film", "synthetic-waves", "synthetic-pan", "synthetic-gradient", "synthetic-tones", "flite-speech"], Size = new FilmSize(320, 180, 1.5) },
                BudgetMicros = Budget,
            },
            null, CancellationToken.None);
        await end.CancelAsync();
        await workers;

        Assert.True(result.Verdict.Accepted, string.Join('\n', result.Verdict.Reasons));
        var takes = RunView.From(result.Run).Steps.Where(step => step.Capability == "generate_video" && step.StepId.EndsWith("-a", StringComparison.Ordinal)).ToList();
        Assert.Equal((3, 1), (takes.Count, takes.Count(take => take.Document.Text("model") == "vendor-film")));
        Assert.All(takes.Where(take => take.Document.Text("model") != "vendor-film"), take => Assert.True(take.Document.Objects("attempts").Count() > 1, take.Document.ToJsonString()));
        Assert.Empty(vendor.Bill.BoughtTwice);
        Assert.InRange(vendor.Bill.TotalMicros, 1, Budget);
        await using var looks = server.Connect("looks");
        var jobs = (await looks.ReadAsync("list_jobs", new { workspace = "studio", run_id = result.RunId, limit = 100 }, default)).Objects("jobs").Where(job => job.Text("provider") == "vendor").ToList();
        Assert.Equal(vendor.Bill.TotalMicros, jobs.Sum(job => job.Whole("cost_micros") ?? 0));
        Assert.Equal(vendor.Bill.TotalMicros, ((JsonObject)result.Run["totals"]!).Whole("cost_micros"));
    }

    private static void Configure(Server server, VendorServer vendor)
    {
        var (models, providers) = (Path.Combine(server.Files, "models.json"), Path.Combine(server.Files, "providers.json"));
        File.WriteAllText(models, """
            {"models": [{"id": "vendor-film", "version": "1", "provider": "vendor", "kind": "http", "capabilities": ["generate_video"], "inputs": ["text", "image"], "outputs": ["video"],
              "limits": {"max_duration_seconds": 10, "max_references": 4}, "price": {"per_request_micros": 25000, "dated": "2026-11-01"}, "tier": "draft", "latency": {"fixed_seconds": 1}, "quality": 0.7}]}
            """);
        File.WriteAllText(providers, $$"""
            {"providers": [{"name": "vendor", "dialect": "fal-queue", "base_url": "{{vendor.Url}}fal", "key_env": "VENDOR_KEY", "timeout_seconds": 60, "result_hosts": ["{{vendor.Host}}"], "models": {"vendor-film": "studio/film-video"} }]}
            """);
        (server.Settings["PIPELINE_MODELS"], server.Settings["PIPELINE_PROVIDERS"], server.Settings["VENDOR_KEY"]) = (models, providers, vendor.Settings.Key);
    }
}
