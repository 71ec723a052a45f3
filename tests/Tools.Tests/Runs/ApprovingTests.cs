using System.Text.Json.Nodes;
using Pipeline.Tools.Runs;
using Pipeline.Tools.Tests.Plans;

namespace Pipeline.Tools.Tests.Runs;

/// <summary>Approvals as the pure machine sees them.</summary>
public sealed class ApprovingTests
{
    private const string Result = """{"asset": "film/a.mp4@3"}""";
    private const string A = """{"id": "a", "capability": "x-a", "approval": true, "inputs": {"size": 1}, "retry": {"max_attempts": 2, "backoff_seconds": 60}}""";
    private const string B = """{"id": "b", "capability": "x-b", "needs": ["a"], "inputs": {"got": "${steps.a.outputs.asset}"}}""";

    [Fact]
    public void A_result_waits_and_what_comes_after_it_goes_on_only_once_it_is_approved()
    {
        var run = new Playing(Make.Steps(A, B));
        run.Finish("a", Result);
        Assert.Equal(("waiting (approval)", "blocked"), (run.State("a"), run.State("b")));
        run.NowMs += 1_000_000_000;
        Assert.Empty(run.Do(new TimePassed()));

        run.Do(new StepApproved("a"));

        Assert.Equal(("succeeded", "ready"), (run.State("a"), run.State("b")));
        Assert.Equal("""{"got":"film/a.mp4@3"}""", run["b"].Inputs);
        Assert.Throws<InvalidStateError>(() => run.Do(new StepApproved("a")));
    }

    [Fact]
    public void A_rejected_result_is_done_again_at_once_with_the_note_and_fails_after_the_last_attempt()
    {
        var run = new Playing(Make.Steps(A, B));
        run.Finish("a", Result);
        run.Do(new StepRejected("a", "brighter"));
        Assert.Equal("ready", run.State("a"));
        Assert.Equal("""{"size":1,"note":"brighter"}""", run["a"].Inputs);

        run.Finish("a", Result);
        run.Do(new StepRejected("a", "still dark"));

        Assert.Equal(("failed", "skipped (need_failed)"), (run.State("a"), run.State("b")));
        Assert.Equal(("rejected", "still dark"), (run["a"].ErrorCode, run["a"].ErrorMessage));
        Assert.Equal(RunState.Failed, run.Run.State);
    }

    [Fact]
    public void A_result_without_a_version_is_none_to_approve()
    {
        var run = new Playing(Make.Steps(A));
        run.Finish("a", """{"asset": "film/a.mp4"}""");
        Assert.Equal(("waiting (backoff)", "no_version"), (run.State("a"), run["a"].ErrorCode));
    }

    [Fact]
    public void A_step_above_the_sum_is_claimed_only_once_its_cost_is_approved()
    {
        var plan = Make.Steps(
            """{"id": "dear", "capability": "x-a", "approval": {"above_micros": 99}}""", """{"id": "cheap", "capability": "x-a", "approval": {"above_micros": 100}}""",
            """{"id": "no", "capability": "x-a", "approval": {"above_micros": 0}}""") with
        { CallMicros = new Dictionary<string, long> { ["dear"] = 100, ["cheap"] = 100, ["no"] = 1 } };
        var run = new Playing(plan);
        Assert.Equal(("waiting (approval)", "ready"), (run.State("dear"), run.State("cheap")));
        Assert.Throws<InvalidStateError>(() => run.Claim("dear"));

        run.Do(new StepApproved("dear"));
        run.Do(new StepRejected("no", null));

        Assert.Equal(("ready", "failed"), (run.State("dear"), run.State("no")));
        run.Break("dear", retryable: true);
        run.NowMs += 10_000;
        run.Do(new TimePassed());
        Assert.Equal("ready", run.State("dear"));
    }

    [Fact]
    public void A_mended_result_waits_as_well()
    {
        var run = new Playing(Make.Steps(
            """{"id": "a", "capability": "x-a", "approval": true, "quality": {"metric": "m", "min": 0.5, "on_fail": {"route_to": "mend"}}}""", """{"id": "mend", "capability": "x-m"}"""));
        run.Finish("a", Result, """{"m": 0.1}""");
        run.Finish("mend:a:1", """{"asset": "film/a.mp4@4"}""", """{"m": 0.9}""");
        Assert.Equal(("waiting (approval)", "film/a.mp4@4"), (run.State("a"), Approving.Version(run["a"])));

        run.Do(new StepRejected("a", "no"));
        run.Finish("a", """{"asset": "film/a.mp4@5"}""", """{"m": 0.1}""");

        Assert.Equal("waiting (repair)", run.State("a"));
        Assert.Equal("ready", run.State("mend:a:2"));
    }

    [Fact]
    public void A_plan_says_what_is_wrong_with_its_approval()
    {
        foreach (var wrong in new[] { "\"yes\"", "{}", "{\"of\": \"cost\"}", "{\"above_micros\": -1}", "{\"by\": 1}" })
        {
            Assert.NotEmpty(Make.Check($$"""{"steps": [{"id": "a", "capability": "x-a", "approval": {{wrong}}}]}""").Problems);
        }

        Assert.Contains(Make.Check("""{"steps": [{"id": "a", "capability": "query", "inputs": {"query": "x"}, "approval": true}]}""").Problems, problem => problem.Code == "nothing_to_approve");
        Assert.Empty(Make.Check("""{"steps": [{"id": "a", "capability": "x-a", "approval": false}]}""").Problems);
    }

    [Fact]
    public void The_report_that_led_to_waiting_can_be_sent_again()
    {
        var run = new Playing(Make.Steps(A));
        var generation = run.Claim("a");
        var report = new StepCompleted("a", generation, (JsonObject)JsonNode.Parse(Result)!, []);
        run.Do(report);
        Assert.Empty(run.Do(report));
    }
}
