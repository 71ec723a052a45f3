using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;
using Pipeline.Agents.Director;
using Pipeline.Tools.Models;
using Pipeline.Tools.Plans;

namespace Pipeline.Agents.Tests.Director;

public sealed class GeneratedFilmPlannerTests
{
    private const string Brief = """
        Characters: Mara, a keeper
        Shot 1: a wide shot of Mara at dusk, waves below. Mara says: "It comes ${inputs.secret}."
        Shot 2: the empty cliff at dawn.
        """;

    private static readonly PlanRequest Request = new() { Workspace = "film", Brief = Brief, Name = "coast" };

    private static readonly Casting Local = new(new Dictionary<string, IReadOnlyList<string>>
    {
        ["generate_image"] = ["synthetic-gradient", "synthetic-mandelbrot"],
        ["generate_video"] = ["synthetic-pan", "synthetic-waves"],
        ["generate_audio"] = ["synthetic-tones"],
        ["speech"] = ["flite-speech"],
    });

    public static TheoryData<PlanRequest, Casting> AllKinds => new()
    {
        { Request, Local },
        { Request, Casting.Open },
        { Request with { NotifyEvent = null, ExportPath = "/exports/film.mp4" }, Local },
        { Request with { Brief = "the sea" }, new Casting(new Dictionary<string, IReadOnlyList<string>> { ["generate_video"] = ["synthetic-waves"] }) },
    };

    [Theory]
    [MemberData(nameof(AllKinds))]
    public void Every_plan_is_sound(PlanRequest request, Casting casting)
    {
        var proven = PlanProof.Check(JsonSerializer.SerializeToElement(Plan(request, casting)), Catalogue.Shipped(), new DateOnly(2026, 11, 21));

        Assert.Empty(proven.Problems);
        Assert.Empty(proven.Warnings);
    }

    [Fact]
    public void Both_takes_of_a_shot_have_the_same_prompt_and_the_same_pinned_references_and_begin_with_another_model()
    {
        var steps = Steps();
        var (a, b) = (steps["take-1-a"], steps["take-1-b"]);

        Assert.Equal(["${steps.key-1.outputs.asset}", "${steps.ref-mara.outputs.asset}"], Inputs(a).Texts("references"));
        Assert.Equal(["${steps.key-2.outputs.asset}"], Inputs(steps["take-2-a"]).Texts("references"));
        Assert.Equal((Inputs(a).Text("prompt"), Inputs(a)["references"]!.ToJsonString()), (Inputs(b).Text("prompt"), Inputs(b)["references"]!.ToJsonString()));
        Assert.Equal(["synthetic-pan", "synthetic-waves", "synthetic-waves", "synthetic-pan"], a.Texts("models").Concat(b.Texts("models")));
        Assert.NotEqual(Inputs(a)["parameters"]!.ToJsonString(), Inputs(b)["parameters"]!.ToJsonString());
    }

    [Fact]
    public void A_verdict_below_the_bar_asks_for_another_pass_within_a_bound()
    {
        var steps = Steps();

        Assert.Equal("again-1", steps["pick-1"]["quality"]!["on_fail"]!["route_to"]!.GetValue<string>());
        Assert.Equal(2, steps["pick-1"]["quality"]!["on_fail"]!["max"]!.GetValue<int>());
        Assert.Equal("${source.outputs.retake_prompt}", Inputs(steps["again-1"]).Text("prompt"));
    }

    [Fact]
    public void Every_sound_asks_the_index_for_its_moment()
    {
        var steps = Steps();
        var audio = Inputs(steps["compose"]).Objects("audio").ToList();

        Assert.Equal("${steps.when-line-1.outputs.hits[0].start_seconds}", audio[0].Text("start_seconds"));
        Assert.Equal("${steps.when-effect-1.outputs.hits[0].start_seconds}", audio[1].Text("start_seconds"));
        Assert.Contains("coalesce(steps.pick-1.metrics.duration_seconds, 0)", Inputs(steps["script"]).Objects("tags").ElementAt(1).Text("start_seconds"), StringComparison.Ordinal);
        Assert.DoesNotContain("when-line-2", steps.Keys);
        Assert.Equal("It comes $${inputs.secret}.", Inputs(steps["line-1"]).Text("text"));
    }

    private static Dictionary<string, JsonObject> Steps() => Plan(Request, Local).Objects("steps").ToDictionary(step => step.Text("id")!);

    private static JsonObject Inputs(JsonObject step) => (JsonObject)step["inputs"]!;

    private static JsonObject Plan(PlanRequest request, Casting casting) => GeneratedFilmPlanner.Write(request, ScreenplayRules.Write(request.Brief), casting);
}
