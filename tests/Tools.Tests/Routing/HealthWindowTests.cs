using Pipeline.Tools.Models;
using Pipeline.Tools.Routing;
using Pipeline.Tools.Runs;

namespace Pipeline.Tools.Tests.Routing;

public sealed class HealthWindowTests
{
    private static readonly Catalogue Models = Catalogue.Shipped();

    private static readonly string Remote = Models.Models.First(card => card.Kind == ModelKind.Http).Id;

    private static readonly string Local = Models.Models.First(card => card.Kind == ModelKind.Local).Id;

    [Fact]
    public void A_remote_model_that_fails_three_times_in_a_row_rests()
    {
        var health = HealthWindow.Of(Newest(Remote, "failed", "timeout", "failed", "succeeded"), Models)[Remote];

        Assert.Equal(9_000 + 60_000, health.CooldownUntilMs);
        Assert.Contains("3 times", health.Note);
    }

    [Theory]
    [InlineData("failed", "failed", "succeeded", "failed")]
    [InlineData("failed", "failed", "withdrawn", "expired")]
    public void What_a_model_is_not_to_blame_for_does_not_count(params string[] outcomes) =>
        Assert.Null(HealthWindow.Of(Newest(Remote, outcomes), Models)[Remote].CooldownUntilMs);

    [Fact]
    public void A_local_one_does_not_rest_but_is_trusted_less()
    {
        var bad = HealthWindow.Of(Newest(Local, "failed", "failed", "failed"), Models)[Local];
        var good = HealthWindow.Of(Newest(Local, "succeeded", "succeeded", "below_bar"), Models)[Local];

        Assert.Null(bad.CooldownUntilMs);
        Assert.True(bad.Reliability < good.Reliability);
    }

    private static IEnumerable<AttemptRow> Newest(string model, params string[] outcomes) =>
        outcomes.Select((outcome, at) => new AttemptRow { Model = model, Outcome = outcome, EndedAtMs = 9_000 - at });
}
