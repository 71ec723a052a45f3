using System.Text.Json.Nodes;
using Pipeline.Agents.Director;

namespace Pipeline.Agents.Tests.Director;

public sealed class RemediesTests
{
    [Fact]
    public void One_lost_segment_is_left_out_and_one_unmended_goes_in_as_it_was()
    {
        var run = Run(("cut", "extract", "failed"), ("cut[0]", "extract", "succeeded"), ("cut[1]", "extract", "failed"), ("denoise", "denoise", "failed"), ("denoise[0]", "denoise", "failed"), ("denoise-more:denoise[0]:1", "denoise", "failed"));

        Assert.Equal(["cut[1]", "denoise[0]"], Remedies.For(run, new HashSet<string>()).Select(remedy => remedy.StepId));
    }

    [Fact]
    public void Nothing_helps_when_nothing_could_be_cut_or_the_check_failed()
    {
        Assert.Empty(Remedies.For(Run(("cut", "extract", "failed"), ("cut[0]", "extract", "failed")), new HashSet<string>()));
        Assert.Empty(Remedies.For(Run(("check", "check", "failed"), ("compose", "compose", "failed")), new HashSet<string>()));
    }

    [Fact]
    public void A_remedy_is_used_once() =>
        Assert.Empty(Remedies.For(Run(("sheet", "contact_sheet", "failed")), new HashSet<string> { "sheet" }));

    [Fact]
    public void The_verdict_names_what_was_measured_and_what_was_given_up()
    {
        var run = RunView.From((JsonObject)JsonNode.Parse("""
            {"run_id": "run_1", "state": "succeeded", "steps": [
              {"step_id": "check", "capability": "check", "state": "succeeded", "metrics": {"passed": 1}, "outputs": {"report": {"checks": [{"name": "drift", "passed": true, "measured": 0.01, "wanted": "0 to 0.04 s"}]}}},
              {"step_id": "deliver", "capability": "deliver", "state": "succeeded", "outputs": {"asset": "coast/delivery/film.mp4@3"}}]}
            """)!);

        var verdict = Verdict.Of(run, ["the film goes on without this segment"]);

        Assert.True(verdict.Accepted);
        Assert.Equal("coast/delivery/film.mp4@3", verdict.Asset);
        Assert.Contains("drift: passed (0.01; wanted 0 to 0.04 s)", verdict.Reasons);
        Assert.Single(verdict.Decisions);
        Assert.False(Verdict.Of(run with { State = "failed" }, []).Accepted);
    }

    [Fact]
    public void A_step_that_moved_is_seen_once()
    {
        var (before, after) = (Run(("a", "probe", "ready"), ("b", "probe", "blocked")), Run(("a", "probe", "claimed"), ("b", "probe", "blocked"), ("c", "probe", "ready")));

        Assert.Equal(["a", "c"], after.ChangedSince(before).Select(step => step.StepId));
        Assert.Empty(after.ChangedSince(after));
    }

    private static RunView Run(params (string Id, string Capability, string State)[] steps) => RunView.From(new JsonObject
    {
        ["run_id"] = "run_1",
        ["state"] = "running",
        ["steps"] = new JsonArray([.. steps.Select(step => new JsonObject { ["step_id"] = step.Id, ["capability"] = step.Capability, ["state"] = step.State })]),
    });
}
