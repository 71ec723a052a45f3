using Pipeline.Tools.Runs;
using Pipeline.Tools.Tests.Plans;

namespace Pipeline.Tools.Tests.Runs;

public sealed class ControlTests
{
    private static Playing Begin() => new(Make.Steps(
        """{"id": "a", "capability": "x-a"}""", """{"id": "b", "capability": "x-b", "needs": ["a"]}""", """{"id": "c", "capability": "x-c", "needs": ["b"]}"""));

    [Fact]
    public void A_paused_run_hands_nothing_out_but_takes_what_comes_in()
    {
        var run = Begin();
        var generation = run.Claim("a");
        run.Do(new RunPaused());
        run.Do(new StepCompleted("a", generation, [], []));
        Assert.Equal("ready", run.State("b"));
        Assert.Throws<InvalidStateError>(() => run.Claim("b"));

        run.Do(new RunResumed());

        run.Finish("b");
    }

    [Fact]
    public void A_cancelled_run_supersedes_whoever_is_at_work()
    {
        var run = Begin();
        var generation = run.Claim("a");
        run.Do(new RunCancelled());

        Assert.Equal(RunState.Cancelled, run.Run.State);
        Assert.All(run.Run.Steps.Values, step => Assert.Equal(StepState.Cancelled, step.State));
        Assert.Throws<SupersededError>(() => run.Do(new StepCompleted("a", generation, [], [])));
        Assert.Empty(run.Do(new RunCancelled()));
        Assert.Throws<InvalidStateError>(() => run.Do(new RunResumed()));
    }

    [Fact]
    public void A_failed_step_is_retried_with_all_that_was_given_up_for_it()
    {
        var run = Begin();
        run.Finish("a");
        run.Break("b");
        Assert.Equal(RunState.Failed, run.Run.State);

        run.Do(new StepRetried("b"));

        Assert.Equal(["ready", "blocked"], [run.State("b"), run.State("c")]);
        run.Finish("b");
        run.Finish("c");
        Assert.Equal(RunState.Succeeded, run.Run.State);
        Assert.Throws<InvalidStateError>(() => run.Do(new StepRetried("b")));
    }

    [Fact]
    public void A_skipped_step_lets_the_rest_go_on_but_not_too_early()
    {
        var run = Begin();
        run.Do(new StepSkipped("b"));
        Assert.Equal("blocked", run.State("c"));

        run.Finish("a");

        Assert.Equal("skipped (by_request)", run.State("b"));
        Assert.Equal("ready", run.State("c"));
    }

    [Fact]
    public void A_failed_step_can_be_passed_over()
    {
        var run = Begin();
        run.Finish("a");
        run.Break("b");

        run.Do(new StepSkipped("b"));

        run.Finish("c");
        Assert.Equal(RunState.Succeeded, run.Run.State);
    }

    [Fact]
    public void A_fan_out_that_could_not_unfold_is_no_success_after_a_retry()
    {
        var run = new Playing(Make.Steps("""{"id": "each", "capability": "x-e", "for_each": "inputs.list"}"""), """{"list": 7}""");

        run.Do(new StepRetried("each"));

        Assert.Equal("failed", run.State("each"));
        Assert.Equal(RunState.Failed, run.Run.State);
    }

    [Fact]
    public void An_unknown_step_is_not_found() => Assert.Throws<UnknownStepError>(() => Begin().Do(new StepSkipped("zz")));

    [Fact]
    public void A_worker_may_say_that_there_is_nothing_to_do()
    {
        var run = Begin();
        run.Do(new StepPassedOver("a", run.Claim("a"), "no_transcriber"));

        Assert.Equal("skipped (no_transcriber)", run.State("a"));
        Assert.Equal("ready", run.State("b"));
    }
}
