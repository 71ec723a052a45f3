using Pipeline.Tools.Plans;

namespace Pipeline.Tools.Tests.Plans;

public sealed class ExperienceTests
{
    // swift-video: 12 s and 2 s a second, so 20 s for four.
    private static StepTime Took(double seconds, string model = "swift-video", string capability = "generate_video", string? inputs = """{"prompt": "x", "duration_seconds": 4}""", string? metrics = null) =>
        new() { Capability = capability, Model = model, Inputs = inputs, Metrics = metrics, TookMs = (long)(seconds * 1000) };

    private static double Factor(params StepTime[] times) => new Experience(times, Make.Models).FactorOf(times[0].Capability, times[0].Model);

    [Fact]
    public void The_median_against_the_card_counts() => Assert.Equal(1.5, Factor(Took(30), Took(20), Took(60)));

    [Fact]
    public void Two_results_say_nothing_yet() => Assert.Equal(1, Factor(Took(30), Took(30)));

    [Fact]
    public void The_newest_count() => Assert.Equal(2, Factor([.. Enumerable.Repeat(Took(40), 9), .. Enumerable.Repeat(Took(20), 30)]));

    [Fact]
    public void What_is_no_longer_in_the_catalogue_is_passed_over() => Assert.Equal(1, Factor(Took(9, "gone"), Took(9, "gone"), Took(9, "gone")));

    [Fact]
    public void Of_given_media_the_measured_length_counts_and_without_one_nothing_does()
    {
        var card = Make.Models.Models.First(model => model.Capabilities.Contains("denoise") && model.Latency.PerMediaSecond > 0);
        StepTime Of(string? metrics) => Took(card.Latency.Of(6) * 3, card.Id, "denoise", """{"asset": "w/a.mp4"}""", metrics);

        Assert.Equal(3, Factor(Of("""{"duration_seconds": 6}"""), Of("""{"duration_seconds": 6}"""), Of("""{"duration_seconds": 6}""")), 2);
        Assert.Equal(1, Factor(Of(null), Of(null), Of(null)));
    }

    [Fact]
    public void An_estimate_goes_by_it_and_its_cost_does_not()
    {
        var plan = Make.Steps("""{"id": "a", "capability": "generate_video", "models": ["swift-video"], "inputs": {"prompt": "x", "duration_seconds": 8, "output": "w/a"}}""");
        var cards = Estimating.Of(plan, Make.Models, Make.Day, 1);
        var known = Estimating.Of(plan, Make.Models, Make.Day, 1, experience: new Experience([Took(30), Took(30), Took(30)], Make.Models));

        Assert.Equal((28, 42), (cards.ExpectedSeconds, known.ExpectedSeconds));
        Assert.Equal(cards.ExpectedCostMicros, known.ExpectedCostMicros);
    }
}
