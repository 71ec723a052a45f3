using Pipeline.Tools.Tests.Runs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Presence;

public sealed class ResumeAgentTests
{
    [Fact]
    public async Task An_agent_learns_what_it_holds_and_what_it_missed()
    {
        await using var house = await RunHouse.OpenAsync(byHand: true);
        var (ann, bob) = (await house.WorkerAsync("ann"), await house.WorkerAsync("bob"));
        var first = await ann.CallAsync("resume_agent", new { });
        Assert.Equal("ann", first.Text("agent"));
        Assert.Empty(first.GetProperty("workspaces")[0].GetProperty("events").EnumerateArray());

        var run = await house.StartAsync("""{"id": "a", "capability": "x-work"}, {"id": "b", "capability": "x-next", "needs": ["a"], "inputs": {"asset": "${steps.a.outputs.asset}"}}, {"id": "c", "capability": "x-work"}""");
        var held = await ann.CallAsync("acquire_lock", new { asset = "film/out.mp4", ttl_seconds = 100 });
        var done = await bob.TakeAsync();
        await bob.CompleteAsync(done, new { asset = "film/cut.mp4@3" });
        await ann.TakeAsync(lease: 50);
        house.Clock.Advance(TimeSpan.FromSeconds(20));

        var resumed = await ann.CallAsync("resume_agent", new { });

        var mine = Assert.Single(resumed.GetProperty("locks_held").EnumerateArray());
        Assert.Equal((held.GetProperty("token").GetInt64(), 80), (mine.GetProperty("token").GetInt64(), mine.GetProperty("seconds_left").GetDouble()));
        var step = Assert.Single(resumed.GetProperty("steps_claimed").EnumerateArray());
        Assert.Equal(("c", 1, 30), (step.Text("step_id"), step.GetProperty("generation").GetInt32(), step.GetProperty("seconds_left").GetDouble()));
        var file = Assert.Single(resumed.GetProperty("files_ready").EnumerateArray());
        Assert.Equal(("film/cut.mp4@3", "b", run), (file.Text("asset"), file.Text("step_id"), file.Text("run_id")));
        Assert.Contains("step.succeeded", resumed.GetProperty("workspaces")[0].GetProperty("events").EnumerateArray().Select(news => news.Text("kind")));
        Assert.Empty((await ann.CallAsync("resume_agent", new { })).GetProperty("workspaces")[0].GetProperty("events").EnumerateArray());
        Assert.Empty((await ann.CallAsync("resume_agent", new { agent = "other" })).GetProperty("locks_held").EnumerateArray());
    }

    [Fact]
    public async Task Nobody_hears_of_a_workspace_that_it_does_not_see()
    {
        await using var house = await RunHouse.OpenAsync();
        await house.StartAsync("""{"id": "a", "capability": "x-work", "inputs": {"asset": "film/secret.mp4@1"}}""");
        var other = await house.House.ConnectAsync("other", Pipeline.Tools.Calls.Role.Member, ["elsewhere"]);

        var resumed = await other.CallAsync("resume_agent", new { });

        Assert.Empty(resumed.GetProperty("workspaces").EnumerateArray());
        Assert.Empty(resumed.GetProperty("files_ready").EnumerateArray());
    }
}
