using System.Text.Json.Nodes;
using Pipeline.Agents.Workers;

namespace Pipeline.Agents.Tests.Workers;

public sealed class ClaimedStepTests
{
    private static readonly ClaimedStep Step = ClaimedStep.From(
        (JsonObject)JsonNode.Parse("""{"step":{"run_id":"run_1","step_id":"cut[2]","workspace":"w","capability":"extract","generation":3,"inputs":{"asset":"w/a.mp4"}}}""")!, 30)!;

    [Fact]
    public void A_claim_is_read_and_given_back_as_tools_take_it()
    {
        Assert.Equal(("w", "run_1", "cut[2]", "extract", 3), (Step.Workspace, Step.RunId, Step.StepId, Step.Capability, Step.Generation));
        Assert.Equal("""{"run_id":"run_1","step_id":"cut[2]","generation":3}""", Step.Claim!.ToJsonString());
        Assert.Null((Step with { RunId = "" }).Claim);
        Assert.Null(ClaimedStep.From((JsonObject)JsonNode.Parse("""{"step":null}""")!, 30));
    }

    [Fact]
    public void An_intent_is_the_same_when_sent_again_and_another_for_the_next_claim()
    {
        Assert.Equal(Step.Intent("done"), (Step with { }).Intent("done"));
        Assert.NotEqual(Step.Intent("done"), (Step with { Generation = 4 }).Intent("done"));
        Assert.NotEqual(Step.Intent("done"), Step.Intent("failed"));
    }

    [Fact]
    public void A_long_intent_stays_within_what_a_key_may_have()
    {
        var (one, other) = (Step.Intent("lock:" + new string('a', 500)), Step.Intent("lock:" + new string('a', 499)));

        Assert.True(one.Length <= 128);
        Assert.NotEqual(one, other);
    }

    [Theory]
    [InlineData("w/a.mp4@12", "w/a.mp4")]
    [InlineData("w/a.mp4", "w/a.mp4")]
    [InlineData("w/me@home/a.mp4", "w/me@home/a.mp4")]
    [InlineData("w/a@", "w/a@")]
    public void What_is_locked_is_the_path(string asset, string path) => Assert.Equal(path, StepWork.Unversioned(asset));
}
