using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Tools.Models;
using Pipeline.Tools.Plans;

namespace Pipeline.Tools.Tests.Models;

public sealed class CatalogueTests
{
    private static readonly DateOnly Day = new(2026, 11, 21);

    private const string Card = """{"id": "m", "version": "1", "provider": "p", "kind": "http", "capabilities": ["x-a"], "inputs": ["text"], "outputs": ["video"], "tier": "draft", "latency": {"fixed_seconds": 1}, "quality": 0.5""";

    private static Catalogue Read(string models) => Catalogue.Read(new MemoryStream(Encoding.UTF8.GetBytes($$"""{"models": [{{models}}]}""")));

    [Fact]
    public void The_shipped_sample_covers_every_recipe_in_draft_and_delivery_with_what_runs_here_free()
    {
        var shipped = Catalogue.Shipped();

        foreach (var recipe in new[] { "proxy", "upscale", "stabilise", "smooth", "denoise", "sharpen", "grade", "loudness", "title" })
            Assert.Equal([Tier.Draft, Tier.Delivery], shipped.For(recipe).Select(card => card.Tier).Order());
        Assert.All(shipped.Models, card => Assert.All(card.Capabilities, capability => Assert.NotNull(Capabilities.Find(capability))));
        Assert.All(shipped.Models, card => Assert.NotNull(card.Price?.Dated));
        Assert.All(shipped.Models.Where(card => card.Kind == ModelKind.Local), card => Assert.Equal(0, card.Price!.Of(Demand.From(card.Capabilities[0], []))));
        Assert.True(shipped.Find("legacy-video")!.IsRetired(Day));
    }

    [Theory]
    [InlineData(Card + ", \"endpoint\": \"http://x\"}")]
    [InlineData(Card + ", \"tier\": \"gold\"}")]
    [InlineData(Card + "}, " + Card + "}")]
    [InlineData(Card + ", \"requires\": [\"image\"]}")]
    [InlineData(Card + ", \"price\": {\"per_request_micros\": -1}}")]
    [InlineData(Card + ", \"price\": {\"per_resolution_micros\": {\"hd\": 1}}}")]
    [InlineData("{\"id\": \"m\"}")]
    public void A_wrong_card_is_refused(string models) => Assert.Equal("invalid_catalogue", Assert.Throws<InvalidCatalogueError>(() => Read(models)).Code);

    [Theory]
    [InlineData("""{"per_request_micros": 10}""", """{}""", 10)]
    [InlineData("""{"per_second_micros": 100}""", """{"duration_seconds": 2.5}""", 250)]
    [InlineData("""{"per_second_micros": 3}""", """{"duration_seconds": 0.5}""", 2)]
    [InlineData("""{"per_resolution_micros": {"720p": 10, "1080p": 20}}""", """{"duration_seconds": 2, "resolution": "1080p"}""", 40)]
    [InlineData("""{"per_resolution_micros": {"720p": 10, "1080p": 20}}""", """{"duration_seconds": 2, "height": 700}""", 20)]
    [InlineData("""{"per_resolution_micros": {"720p": 10}}""", """{"resolution": "2160p"}""", null)]
    [InlineData("""{"per_million_input_tokens_micros": 1000000, "per_million_output_tokens_micros": 2000000}""", """{"prompt": "abcdefgh", "max_output_tokens": 5}""", 12)]
    public void Prices(string price, string inputs, int? micros)
    {
        var card = Read($"{Card}, \"price\": {price}}}").Find("m")!;

        Assert.Equal(micros, card.Price!.Of(Demand.From("x-a", (JsonObject)JsonNode.Parse(inputs)!)));
    }

    [Fact]
    public void Limits_say_why()
    {
        var card = Read(Card + """, "limits": {"max_duration_seconds": 4, "max_width": 1280, "max_height": 720, "aspects": ["16:9"], "max_references": 0, "max_prompt_characters": 3}, "retires_on": "2026-11-21"}""").Find("m")!;
        var inputs = (JsonObject)JsonNode.Parse("""{"prompt": "long", "duration_seconds": 5, "resolution": "1080p", "aspect": "1:1", "image": "w/i", "audio": true}""")!;

        Assert.Equal(9, Fitness.Misfits(card, Demand.From("x-b", inputs), Day).Count);
    }
}
