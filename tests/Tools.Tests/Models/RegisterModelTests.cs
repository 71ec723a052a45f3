using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Tools.Audit;
using Pipeline.Tools.Models;
using Pipeline.Tools.Tests.Runs;
using Pipeline.Tools.Tests.Serving;
using Role = Pipeline.Tools.Calls.Role;

namespace Pipeline.Tools.Tests.Models;

public sealed class RegisterModelTests
{
    private static JsonObject Card(string id = "fresh-video", string provider = "example-fast", Action<JsonObject>? change = null)
    {
        var card = (JsonObject)JsonNode.Parse(
            $$$"""
            {"id": "{{{id}}}", "version": "2", "provider": "{{{provider}}}", "kind": "http", "capabilities": ["generate_video"], "inputs": ["text"], "requires": ["text"],
             "outputs": ["video"], "price": {"per_second_micros": 1000, "dated": "2026-11-01"}, "tier": "draft", "latency": {"fixed_seconds": 1}, "quality": 0.9}
            """)!;
        change?.Invoke(card);
        return card;
    }

    [Fact]
    public async Task A_registered_card_counts_at_once_and_replaces_that_of_a_file()
    {
        await using var house = await RunHouse.OpenAsync();
        var before = Catalogue.Shipped().Models.Count;

        var added = await house.Director.CallAsync("register_model", new { card = Card() });
        var replaced = await house.Director.CallAsync("register_model", new { card = Card("swift-video") });

        Assert.Equal(1, added.GetProperty("version").GetInt64());
        Assert.False(added.GetProperty("replaced").GetBoolean());
        Assert.True(replaced.GetProperty("replaced").GetBoolean());
        var listed = (await house.Director.CallAsync("list_models", new { })).GetProperty("models").EnumerateArray().ToList();
        Assert.Equal(before + 1, listed.Count);
        Assert.Equal("2", listed.Single(card => card.Text("id") == "swift-video").Text("version"));
        var routed = await house.Director.CallAsync("route_step", new { capability = "generate_video", inputs = new { prompt = "a door" }, constraints = new { exclude = new[] { "synthetic-pan", "synthetic-waves" } } });
        Assert.Contains(routed.Text("model"), new[] { "fresh-video", "swift-video" });
        var log = await house.House.Database.ReadAsync(query => AuditTable.PageAsync(query, "", 0, 0, 100), CancellationToken.None);
        Assert.Equal(2, log.Count(entry => entry is { Tool: "register_model", Outcome: "ok" } && entry.Detail!.Contains("\"card\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_version_is_held_against_what_stands()
    {
        await using var house = await RunHouse.OpenAsync();

        await house.Director.CallAsync("register_model", new { card = Card(), if_version = 0 });
        await house.Director.RefusedAsync("register_model", new { card = Card(), if_version = 0 }, "version_conflict");
        var second = await house.Director.CallAsync("register_model", new { card = Card(), if_version = 1 });

        Assert.Equal(2, second.GetProperty("version").GetInt64());
    }

    [Theory]
    [InlineData("""{"endpoint": "http://10.0.0.1/"}""", "invalid_argument")]
    [InlineData("""{"command": ["sh", "-c", "id"]}""", "invalid_argument")]
    [InlineData("""{"header_template": "Bearer x"}""", "invalid_argument")]
    [InlineData("""{"api_key": "FAL_KEY"}""", "invalid_argument")]
    [InlineData("""{"limits": {"callback_url": "x"}}""", "invalid_argument")]
    [InlineData("""{"colour": "red"}""", "invalid_catalogue")]
    [InlineData("""{"quality": 7}""", "invalid_catalogue")]
    [InlineData("""{"provider": "nobody"}""", "unknown_provider")]
    [InlineData("""{"provider": "local"}""", "invalid_argument")]
    [InlineData("""{"kind": "local"}""", "invalid_argument")]
    public async Task What_only_the_operators_file_may_say_is_refused(string fields, string code)
    {
        await using var house = await RunHouse.OpenAsync();
        var card = Card(change: card =>
        {
            foreach (var (name, value) in (JsonObject)JsonNode.Parse(fields)!) card[name] = value?.DeepClone();
        });

        await house.Director.RefusedAsync("register_model", new { card }, code);
    }

    [Fact]
    public async Task Only_an_administrator_registers()
    {
        await using var house = await RunHouse.OpenAsync();
        var member = await house.House.ConnectAsync("ann", Role.Member);

        await member.RefusedAsync("register_model", new { card = Card() }, "forbidden");
    }

    [Fact]
    public async Task A_plan_that_names_a_model_that_has_retired_is_told_so_before_it_runs()
    {
        await using var house = await RunHouse.OpenAsync();
        var plan = JsonDocument.Parse("""{"steps": [{"id": "shot", "capability": "generate_video", "models": ["swift-video"], "inputs": {"prompt": "a door", "output": "film/b.mp4"}}]}""").RootElement;
        var created = await house.Director.CallAsync("create_plan", new { workspace = "film", plan });

        await house.Director.CallAsync("register_model", new { card = Card("swift-video", change: card => card["retires_on"] = "2020-01-01") });

        var late = await house.Director.RefusedAsync("start_run", new { plan_id = created.Text("plan_id") }, "invalid_plan");
        Assert.Contains("retired_model", late.GetRawText());
        await house.Director.RefusedAsync("create_plan", new { workspace = "film", plan }, "invalid_plan");
    }
}
