using System.Text.Json.Nodes;
using Pipeline.Faults.Vendors;

namespace Pipeline.McpServer.Tests.Demo;

/// <summary><c>demo --generate</c>: a film from its script alone.</summary>
public sealed class GeneratedDemoTests : IDisposable
{
    private const string Brief = """
        A 4 second film in two shots.
        Characters: Mara, a keeper in a yellow coat
        Shot 1: a wide shot of a lighthouse at dusk. Mara says: "The storm comes tonight."
        Shot 2: an aerial of the lighthouse at dawn over a calm sea.
        """;

    // What a buyer lives through without a person: refused, limited, failed with and without a bill, hard to fetch.
    private static readonly VendorFault[] Faults =
        [VendorFault.None, VendorFault.FailsFree, VendorFault.Refused, VendorFault.FailsBilled, VendorFault.RateLimited, VendorFault.ResultErrors, VendorFault.FailsBilled];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pipeline-demo-");

    [Fact]
    public async Task A_script_becomes_a_film_with_local_models_only()
    {
        var (exit, run, said) = await DemoProcess.RunAsync("demo", "--generate", "--brief", Brief, "--out", _folder.FullName, "--json");

        Assert.True(exit == 0, said);
        Assert.Equal(("succeeded", 0), ((string?)run!["state"], (int)run["cost_micros"]!));
        Assert.All(run["decisions"]!.AsArray(), decision => Assert.Equal("local", (string?)decision!["provider"]));
        Assert.Equal(2, run["takes"]!.AsArray().Count);
        Assert.All(
            (string[])["generate_image", "generate_video", "compare", "speech", "generate_audio", "upscale", "compose", "check", "deliver"],
            pillar => Assert.Contains(Steps(run), step => (string?)step["capability"] == pillar && (string?)step["state"] == "succeeded"));
        Assert.True(await DemoProcess.DecodedSecondsAsync(Path.Combine(_folder.FullName, "delivery.mp4")) > 1);
    }

    [Fact]
    public async Task With_a_vendor_that_fails_the_same_plan_delivers_and_shows_what_fell_back()
    {
        var purchases = 0;
        await using var vendor = await VendorServer.StartAsync(new() { Choose = () => Faults[Interlocked.Increment(ref purchases) % Faults.Length] });
        var (exit, run, said) = await DemoProcess.RunAsync(Furnish(vendor), "demo", "--generate", "--models", "vendor-film,vendor-still", "--brief", Brief, "--out", _folder.FullName, "--json");

        Assert.True(exit == 0, said);
        Assert.True(await DemoProcess.DecodedSecondsAsync(Path.Combine(_folder.FullName, "delivery.mp4")) > 1);
        var moved = run!["decisions"]!.AsArray().GroupBy(decision => (string?)decision!["step_id"]).Where(step => step.Select(decision => (string?)decision!["model"]).Distinct().Count() > 1).ToList();
        Assert.NotEmpty(moved);
        Assert.All(moved, step =>
        {
            var told = Assert.Single(Steps(run), one => (string?)one["id"] == step.Key);
            Assert.Equal((string?)step.Last()!["model"], (string?)told["model"]);
            Assert.True((int)told["attempts"]! > 1 && (string?)told["state"] == "succeeded", told.ToJsonString());
            Assert.Contains($"{step.Key}", said, StringComparison.Ordinal);
        });
        // A still and a film of one shot share its prompt: what is bought is told by who decided on it, once each.
        var decided = run["decisions"]!.AsArray().Count(decision => ((string?)decision!["provider"])!.StartsWith("vendor", StringComparison.Ordinal));
        Assert.InRange(vendor.Bill.Jobs.Count, 1, decided);
        Assert.Equal(vendor.Bill.TotalMicros, (long)run["cost_micros"]!);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static IEnumerable<JsonNode> Steps(JsonNode run) => run["steps"]!.AsArray().Select(step => step!);

    private Dictionary<string, string> Furnish(VendorServer vendor)
    {
        var (models, providers) = (Path.Combine(_folder.FullName, "models.json"), Path.Combine(_folder.FullName, "providers.json"));
        File.WriteAllText(models, """
            {"models": [
              {"id": "vendor-film", "version": "1", "provider": "vendor", "kind": "http", "capabilities": ["generate_video"], "inputs": ["text", "image"], "outputs": ["video"],
                "limits": {"max_duration_seconds": 10, "max_references": 4}, "price": {"per_request_micros": 25000, "dated": "2026-11-01"}, "tier": "draft", "latency": {"fixed_seconds": 1}, "quality": 0.7},
              {"id": "vendor-still", "version": "1", "provider": "vendor", "kind": "http", "capabilities": ["generate_image"], "inputs": ["text"], "outputs": ["image"],
                "price": {"per_request_micros": 25000, "dated": "2026-11-01"}, "tier": "draft", "latency": {"fixed_seconds": 1}, "quality": 0.7}]}
            """);
        File.WriteAllText(providers, $$"""
            {"providers": [{"name": "vendor", "dialect": "fal-queue", "base_url": "{{vendor.Url}}fal", "key_env": "VENDOR_KEY", "timeout_seconds": 60, "result_hosts": ["{{vendor.Host}}"],
              "models": {"vendor-film": "studio/film-video", "vendor-still": "studio/still-image" },
              "overrides": {"poll": {"report": {"cost": {"pointers": ["/cost_micros"], "header": "x-cost-micros", "input_tokens": null, "output_tokens": null} } } } }]}
            """);
        return new() { ["PIPELINE_MODELS"] = models, ["PIPELINE_PROVIDERS"] = providers, ["VENDOR_KEY"] = vendor.Settings.Key };
    }
}
