using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;
using Pipeline.Agents.Director;
using Pipeline.Tools.Models;
using Pipeline.Tools.Plans;

namespace Pipeline.Agents.Tests.Director;

public sealed class RulesPlannerTests
{
    private static readonly DateOnly Today = new(2026, 11, 21);

    public static TheoryData<PlanRequest> AllKinds =>
    [
        Requests.Usual,
        Requests.Usual with { Transcript = "coast/footage/day.vtt" },
        Requests.Usual with { NotifyEvent = null, ExportPath = "/exports/film.mp4" },
        Requests.Usual with { Brief = "costs ${inputs.secret} and ${" },
    ];

    [Theory]
    [MemberData(nameof(AllKinds))]
    public void Every_plan_is_sound(PlanRequest request)
    {
        var proven = PlanProof.Check(JsonSerializer.SerializeToElement(Plan(request)), Catalogue.Shipped(), Today);

        Assert.Empty(proven.Problems);
        Assert.Empty(proven.Warnings);
        Assert.Empty(PlanBounds.Check(Plan(request), request));
    }

    [Fact]
    public void It_has_the_four_patterns()
    {
        var steps = Plan(Requests.Usual).Objects("steps").ToDictionary(step => step.Text("id")!);

        Assert.Equal(["probe"], steps["analyze"].Texts("needs"));
        Assert.Equal(["probe"], steps["transcribe"].Texts("needs"));
        Assert.Equal(["index", "analyze"], steps["find"].Texts("needs"));
        Assert.Contains("find.outputs.hits", steps["cut"].Text("for_each"), StringComparison.Ordinal);
        Assert.Contains("cleanness <", steps["denoise"].Text("when"), StringComparison.Ordinal);
        Assert.Contains("sharpness <", steps["sharpen"].Text("when"), StringComparison.Ordinal);
        Assert.Equal(["cut", "denoise", "sharpen"], steps["compose"].Texts("needs"));
        Assert.Equal("sharpen-more", steps["sharpen"]["quality"]!["on_fail"]!["route_to"]!.GetValue<string>());
    }

    [Fact]
    public void A_transcript_that_is_there_is_not_listened_for()
    {
        var steps = Plan(Requests.Usual with { Transcript = "coast/footage/day.vtt" }).Objects("steps").ToDictionary(step => step.Text("id")!);

        Assert.DoesNotContain("transcribe", steps.Keys);
        Assert.Equal("coast/footage/day.vtt", ((JsonObject)steps["index"]["inputs"]!).Text("transcript_asset"));
    }

    [Theory]
    [InlineData("the lighthouse", 4)]
    [InlineData("20 seconds of the lighthouse", 5)]
    [InlineData("10 minutes of the lighthouse", 8)]
    public void The_length_asked_for_says_how_many_moments(string brief, int segments) =>
        Assert.Equal(segments, RulesPlanner.Segments(Requests.Usual, ScriptRules.Write(brief)));

    private static JsonObject Plan(PlanRequest request) => RulesPlanner.Write(request, ScriptRules.Write(request.Brief));
}
