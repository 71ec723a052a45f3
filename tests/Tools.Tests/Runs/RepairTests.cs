using Pipeline.Tools.Runs;
using Pipeline.Tools.Tests.Plans;

namespace Pipeline.Tools.Tests.Runs;

public sealed class RepairTests
{
    private static Playing Begin(string ownGate = "") => new(Make.Steps(
        """{"id": "cut", "capability": "x-cut", "for_each": [1, 2], "quality": {"metric": "m", "min": 0.5, "on_fail": {"route_to": "mend", "max": 2}}}""",
        $$"""{"id": "mend", "capability": "x-mend", "retry": {"max_attempts": 1}, "inputs": {"of": "${source.outputs.asset}", "at": "${index}"}{{ownGate}}}""",
        """{"id": "join", "capability": "x-j", "needs": ["cut"], "inputs": {"all": "${steps.cut.items[*].outputs.asset}", "m": "${steps.cut.items[*].metrics.m}"}}"""));

    [Fact]
    public void A_repaired_result_takes_the_place_of_the_flawed_one()
    {
        var run = Begin();
        run.Finish("cut[0]", """{"asset": "w/a"}""", """{"m": 0.9}""");
        run.Finish("cut[1]", """{"asset": "w/b"}""", """{"m": 0.1}""");
        Assert.Equal("waiting (repair)", run.State("cut[1]"));
        Assert.Equal("blocked", run.State("join"));
        Assert.Equal("""{"of":"w/b","at":1}""", run["mend:cut[1]:1"].Inputs);

        run.Finish("mend:cut[1]:1", """{"asset": "w/b1"}""", """{"m": 0.3}""");
        Assert.Equal("""{"of":"w/b1","at":1}""", run["mend:cut[1]:2"].Inputs);
        run.Finish("mend:cut[1]:2", """{"asset": "w/b2"}""", """{"m": 0.6}""");

        Assert.Equal("""{"all":["w/a","w/b2"],"m":[0.9,0.6]}""", run["join"].Inputs);
        run.Finish("join");
        Assert.Equal("succeeded", run.State("mend"));
        Assert.Equal(RunState.Succeeded, run.Run.State);
    }

    [Fact]
    public void Nothing_to_repair_skips_the_repair_step()
    {
        var run = Begin();
        run.Finish("cut[0]", metrics: """{"m": 0.9}""");
        run.Finish("cut[1]", metrics: """{"m": 0.5}""");
        run.Finish("join");

        Assert.Equal("skipped (not_needed)", run.State("mend"));
        Assert.Equal(RunState.Succeeded, run.Run.State);
    }

    [Fact]
    public void Repairs_that_do_not_mend_fail_the_step()
    {
        var run = Begin();
        run.Finish("cut[0]", metrics: """{"m": 0.9}""");
        run.Finish("cut[1]", metrics: "{}");
        run.Break("mend:cut[1]:1");
        run.Finish("mend:cut[1]:2", metrics: """{"m": 0.49}""");

        Assert.Equal("quality_below_min", run["cut[1]"].ErrorCode);
        Assert.Equal("skipped (need_failed)", run.State("join"));
        Assert.Equal(RunState.Failed, run.Run.State);

        run.Do(new StepRetried("cut[1]"));
        Assert.Equal(RunState.Running, run.Run.State);
        run.Finish("cut[1]", metrics: """{"m": 0.1}""");
        run.Finish("mend:cut[1]:3", metrics: """{"m": 0.8}""");
        run.Finish("join");
        Assert.Equal(RunState.Succeeded, run.Run.State);
    }

    [Fact]
    public void The_repair_step_s_own_bar_goes_before_the_one_it_was_routed_for()
    {
        var run = Begin(""", "quality": {"metric": "other", "min": 1}""");
        run.Finish("cut[0]", metrics: """{"m": 0.9}""");
        run.Finish("cut[1]", metrics: """{"m": 0.1}""");
        run.Finish("mend:cut[1]:1", metrics: """{"m": 0.1, "other": 2}""");

        Assert.Equal("succeeded", run.State("cut[1]"));
    }
}
