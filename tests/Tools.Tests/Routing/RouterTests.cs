using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Models;
using Pipeline.Tools.Routing;

namespace Pipeline.Tools.Tests.Routing;

public sealed class RouterTests
{
    private const string Complex = """
        A cinematic tracking shot: the camera follows two characters through a crowd at dusk, then a slow motion close-up with shallow
        depth of field while the lighting changes from warm to cold; keep both faces consistent, photorealistic reflections on wet stone.
        """;

    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-11-21T12:00:00Z", CultureInfo.InvariantCulture);
    private static readonly Catalogue Models = Catalogue.Shipped();

    // The synthetic stand-ins are left out, for they are free and would win every simple prompt.
    private static readonly string[] StandIns = ["synthetic-pan", "synthetic-waves"];

    private static Decision Choose(string inputs, Constraints? constraints = null, string[]? preferred = null, Dictionary<string, ModelHealth>? health = null, string capability = "generate_video")
    {
        constraints ??= new();
        return Router.Choose(new RouteRequest(capability, (JsonObject)JsonNode.Parse(inputs)!) { Constraints = constraints with { Exclude = [.. constraints.Exclude, .. StandIns] }, Preferred = preferred ?? [] }, Models, health ?? [], Now);
    }

    [Fact]
    public void A_short_prompt_goes_to_a_cheap_model_and_a_complex_one_to_a_premium_one()
    {
        var simple = Choose("""{"prompt": "a red ball"}""");
        var complex = Choose(new JsonObject { ["prompt"] = Complex, ["resolution"] = "1080p" }.ToJsonString());

        Assert.Equal(Tier.Draft, simple.Tier);
        Assert.Equal(Tier.Premium, complex.Tier);
        Assert.Equal(simple.PremiumCostMicros - simple.EstimatedCostMicros, simple.SavedMicros);
        Assert.True(simple.SavedMicros > 0);
        Assert.Contains("simple", simple.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_goes_to_image_to_video_and_text_to_text_to_video()
    {
        Assert.Equal("swift-video", Choose("""{"prompt": "a red ball"}""").Model);
        Assert.Equal("swift-motion", Choose("""{"prompt": "a red ball", "references": ["w/ball@1"]}""").Model);
    }

    [Fact]
    public void Every_model_not_taken_says_why()
    {
        var decision = Choose("""{"prompt": "a red ball"}""", new() { MaxCostMicros = 500_000 });

        Assert.Equal(Models.For("generate_video").Count() - 1, decision.Alternatives.Count);
        Assert.All(decision.Alternatives, other => Assert.NotEmpty(other.WhyNot));
        Assert.Contains("retired", decision.Alternatives.Single(other => other.Model == "legacy-video").WhyNot, StringComparison.Ordinal);
        Assert.Contains("micros", decision.Alternatives.Single(other => other.Model == "cinema-video").WhyNot, StringComparison.Ordinal);
    }

    [Fact]
    public void A_resting_or_excluded_model_is_replaced()
    {
        var resting = new Dictionary<string, ModelHealth> { ["swift-video"] = new() { CooldownUntilMs = Now.ToUnixTimeMilliseconds() + 5_000, Note = "429" } };

        Assert.NotEqual("swift-video", Choose("""{"prompt": "a red ball"}""", health: resting).Model);
        Assert.NotEqual("swift-video", Choose("""{"prompt": "a red ball"}""", new() { Exclude = ["swift-video"] }).Model);
        resting["swift-video"] = new() { CooldownUntilMs = Now.ToUnixTimeMilliseconds() };
        Assert.Equal("swift-video", Choose("""{"prompt": "a red ball"}""", health: resting).Model);
    }

    [Fact]
    public void The_plan_s_own_order_goes_before_the_score()
    {
        Assert.Equal("cinema-video", Choose("""{"prompt": "a red ball"}""", preferred: ["legacy-video", "cinema-video", "swift-video"]).Model);
    }

    [Theory]
    [InlineData("denoise", Tier.Draft, "ffmpeg-denoise-draft")]
    [InlineData("denoise", Tier.Delivery, "ffmpeg-denoise")]
    [InlineData("denoise", Tier.Premium, "ffmpeg-denoise")]
    [InlineData("generate_video", Tier.Draft, "swift-video")]
    [InlineData("generate_video", Tier.Premium, "cinema-video")]
    public void A_tier_is_kept_to_or_the_nearest_that_there_is(string capability, Tier tier, string model)
    {
        var inputs = capability == "denoise" ? """{"asset": "w/a"}""" : """{"prompt": "a red ball"}""";

        Assert.Equal(model, Choose(inputs, new() { Tier = tier }, capability: capability).Model);
    }

    [Theory]
    [InlineData("""{"prompt": "x", "duration_seconds": 100}""", null, null)]
    [InlineData("""{"prompt": "x"}""", 10L, null)]
    [InlineData("""{"prompt": "x"}""", null, 1.0)]
    public void When_nothing_fits_it_says_of_each_why(string inputs, long? most, double? deadline)
    {
        var error = Assert.Throws<NoModelError>(() => Choose(inputs, new() { MaxCostMicros = most, DeadlineSeconds = deadline }));

        Assert.Equal("no_model", error.Code);
        Assert.Contains("swift-video", Wire.Write(error.Facts), StringComparison.Ordinal);
    }

    [Fact]
    public void No_price_no_call()
    {
        var card = Models.Find("swift-video")! with { Price = null };

        var error = Assert.Throws<NoModelError>(() => Router.Choose(new RouteRequest("generate_video", new() { ["prompt"] = "x" }), new Catalogue([card]), new Dictionary<string, ModelHealth>(), Now));

        Assert.Contains("no price", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_request_gives_the_same_decision()
    {
        var first = Wire.Write(Choose("""{"prompt": "a red ball"}"""));

        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(first, Wire.Write(Choose("""{"prompt": "a red ball"}"""))));
    }
}
