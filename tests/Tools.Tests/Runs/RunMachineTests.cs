using System.Text.Json.Nodes;
using Pipeline.Tools.Runs;
using Pipeline.Tools.Tests.Plans;

namespace Pipeline.Tools.Tests.Runs;

public sealed class RunMachineTests
{
    private const string A = """{"id": "a", "capability": "x-a"}""";
    private const string B = """{"id": "b", "capability": "x-b", "needs": ["a"], "inputs": {"got": "${steps.a.outputs.v}"}}""";

    [Fact]
    public void A_child_is_released_with_its_inputs_when_its_parent_is_done()
    {
        var run = new Playing(Make.Steps(A, B));
        Assert.Equal("blocked", run.State("b"));

        run.Finish("a", """{"v": 7}""");

        Assert.Equal("ready", run.State("b"));
        Assert.Equal("""{"got":7}""", run["b"].Inputs);
        run.Finish("b");
        Assert.Equal(RunState.Succeeded, run.Run.State);
    }

    [Fact]
    public void A_report_of_a_former_claim_is_superseded_and_changes_nothing()
    {
        var run = new Playing(Make.Steps(A, B));
        var old = run.Claim("a");
        run.NowMs += 60_000;
        run.Do(new TimePassed());
        Assert.Equal("ready", run.State("a"));
        Assert.Throws<SupersededError>(() => run.Do(new StepCompleted("a", old, [], [])));
        var current = run.Claim("a");
        Assert.True(current > old);

        foreach (RunEvent late in new RunEvent[] { new StepCompleted("a", old, [], []), new StepFailed("a", old, "c", "m", true), new StepRenewed("a", old, 1), new StepPassedOver("a", old, "x") })
            Assert.Throws<SupersededError>(() => run.Do(late));

        Assert.Equal("claimed", run.State("a"));
        run.Do(new StepCompleted("a", current, [], []));
        Assert.Equal("succeeded", run.State("a"));
    }

    [Fact]
    public void The_same_report_again_changes_nothing()
    {
        var run = new Playing(Make.Steps(A, B));
        var generation = run.Claim("a");
        run.Do(new StepCompleted("a", generation, new JsonObject { ["v"] = 1 }, []));

        Assert.Empty(run.Do(new StepCompleted("a", generation, new JsonObject { ["v"] = 2 }, [])));
    }

    [Fact]
    public void A_step_is_not_claimed_twice()
    {
        var run = new Playing(Make.Steps(A));
        run.Claim("a");

        Assert.Throws<InvalidStateError>(() => run.Claim("a"));
    }

    [Fact]
    public void Failures_rest_longer_each_time_and_end()
    {
        var run = new Playing(Make.Steps("""{"id": "a", "capability": "x-a", "retry": {"max_attempts": 3, "backoff_seconds": 2}}""", B));
        run.Break("a", retryable: true);
        Assert.Equal(run.NowMs + 2_000, run["a"].NotBeforeMs);
        Assert.Throws<InvalidStateError>(() => run.Claim("a"));
        run.NowMs += 2_000;
        run.Break("a", retryable: true);
        Assert.Equal(run.NowMs + 4_000, run["a"].NotBeforeMs);
        run.NowMs += 4_000;
        run.Do(new TimePassed());
        Assert.Equal("ready", run.State("a"));

        run.Break("a", retryable: true);

        Assert.Equal("failed", run.State("a"));
        Assert.Equal("skipped (need_failed)", run.State("b"));
        Assert.Equal(RunState.Failed, run.Run.State);
    }

    [Fact]
    public void A_renewal_does_not_reach_beyond_the_timeout()
    {
        var run = new Playing(Make.Steps("""{"id": "a", "capability": "x-a", "timeout_seconds": 90, "retry": {"max_attempts": 1}}"""));
        var generation = run.Claim("a");
        run.NowMs += 59_000;
        run.Do(new StepRenewed("a", generation, 60_000));
        Assert.Equal(run["a"].DeadlineMs, run["a"].LeaseExpiresMs);

        run.NowMs += 31_000;
        run.Do(new TimePassed());

        Assert.Equal("timeout", run["a"].ErrorCode);
        Assert.Equal(RunState.Failed, run.Run.State);
    }

    [Theory]
    [InlineData(0.2, "ready", """{"got":"w/mended"}""")]
    [InlineData(0.9, "skipped (condition)", """{"got":"w/cut"}""")]
    public void Repair_if_bad_else_past_it_then_join(double sharpness, string mend, string joined)
    {
        var run = new Playing(Make.Steps(
            """{"id": "cut", "capability": "x-cut"}""",
            """{"id": "mend", "capability": "x-mend", "needs": ["cut"], "when": "steps.cut.metrics.sharpness < 0.5"}""",
            """{"id": "join", "capability": "x-join", "needs": ["cut", "mend"], "inputs": {"got": "${coalesce(steps.mend.outputs.asset, steps.cut.outputs.asset)}"}}"""));
        run.Finish("cut", """{"asset": "w/cut"}""", FormattableString.Invariant($$"""{"sharpness": {{sharpness}}}"""));
        Assert.Equal(mend, run.State("mend"));
        if (mend == "ready") run.Finish("mend", """{"asset": "w/mended"}""");

        Assert.Equal(joined, run["join"].Inputs);
    }

    [Fact]
    public void What_lives_only_on_a_skipped_step_is_skipped_and_the_run_succeeds()
    {
        var run = new Playing(Make.Steps(A,
            """{"id": "mend", "capability": "x-m", "needs": ["a"], "when": "false"}""",
            """{"id": "after", "capability": "denoise", "needs": ["mend"], "inputs": {"asset": "${steps.mend.outputs.asset}", "output": "w/o"}}"""));
        run.Finish("a");

        Assert.Equal("skipped (needs_skipped)", run.State("after"));
        Assert.Equal(RunState.Succeeded, run.Run.State);
    }

    [Fact]
    public void An_input_that_nothing_gave_fails_the_step()
    {
        var run = new Playing(Make.Steps(A, """{"id": "p", "capability": "probe", "needs": ["a"], "inputs": {"asset": "${steps.a.outputs.none}"}}"""));
        run.Finish("a");

        Assert.Equal("missing_input", run["p"].ErrorCode);
        Assert.Equal(RunState.Failed, run.Run.State);
    }

    [Fact]
    public void A_fan_out_unfolds_and_its_needer_sees_all_items()
    {
        var run = new Playing(Make.Steps(
            """{"id": "each", "capability": "x-e", "for_each": "inputs.list", "when": "item != 2", "inputs": {"v": "${item}", "at": "${index}"}}""",
            """{"id": "join", "capability": "x-j", "needs": ["each"], "inputs": {"all": "${steps.each.items[*].outputs.v}"}}"""), """{"list": [1, 2, 3]}""");
        Assert.Equal("waiting (items)", run.State("each"));
        Assert.Equal("skipped (condition)", run.State("each[1]"));
        Assert.Equal("""{"v":3,"at":2}""", run["each[2]"].Inputs);
        Assert.Throws<InvalidStateError>(() => run.Claim("each"));
        run.Finish("each[2]", """{"v": 30}""");
        Assert.Equal("blocked", run.State("join"));

        run.Finish("each[0]", """{"v": 10}""");

        Assert.Equal("""{"all":[10,null,30]}""", run["join"].Inputs);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    public void An_empty_fan_out_succeeds(string list)
    {
        var run = new Playing(Make.Steps("""{"id": "each", "capability": "x-e", "for_each": "inputs.list"}"""), $$"""{"list": {{list}}}""");

        Assert.Equal("succeeded (no_items)", run.State("each"));
        Assert.Equal(RunState.Succeeded, run.Run.State);
    }

    [Theory]
    [InlineData("7", "bad_expression")]
    [InlineData("1001", "too_many_items")]
    public void What_is_no_list_or_too_long_fails(string kind, string code)
    {
        var list = kind == "7" ? "7" : $"[{string.Join(",", Enumerable.Range(0, 1_001))}]";
        var run = new Playing(Make.Steps("""{"id": "each", "capability": "x-e", "for_each": "inputs.list"}"""), $$"""{"list": {{list}}}""");

        Assert.Equal(code, run["each"].ErrorCode);
    }

    [Fact]
    public void A_join_of_some_goes_on_as_soon_as_it_may_and_gives_up_as_soon_as_it_must()
    {
        string[] plan = ["""{"id": "each", "capability": "x-e", "for_each": [1, 2, 3]}""", """{"id": "join", "capability": "x-j", "needs": ["each"], "join": 2}"""];
        var good = new Playing(Make.Steps(plan));
        good.Break("each[1]");
        good.Finish("each[0]");
        Assert.Equal("blocked", good.State("join"));
        good.Finish("each[2]");
        Assert.Equal("ready", good.State("join"));
        good.Finish("join");
        Assert.Equal(RunState.Succeeded, good.Run.State);

        var bad = new Playing(Make.Steps(plan));
        bad.Break("each[1]");
        bad.Break("each[0]");
        Assert.Equal("skipped (need_failed)", bad.State("join"));
    }
}
