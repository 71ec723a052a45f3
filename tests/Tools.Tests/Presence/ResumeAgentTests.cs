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
        for (var version = 1; version <= 3; version++) await bob.CallAsync("put_asset", new { asset = "film/cut.mp4", text = $"{version}" });
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
    public async Task News_whose_answer_was_lost_is_told_again_to_the_same_intent()
    {
        await using var house = await RunHouse.OpenAsync(byHand: true);
        var (ann, bob) = (await house.WorkerAsync("ann"), await house.WorkerAsync("bob"));
        await ann.CallAsync("resume_agent", new { });
        await bob.CallAsync("put_asset", new { asset = "film/a.txt", text = "a" });

        var lost = await ann.CallAsync("resume_agent", new { idempotency_key = "start 7" });
        await bob.CallAsync("put_asset", new { asset = "film/b.txt", text = "b" });
        var again = await ann.CallAsync("resume_agent", new { idempotency_key = "start 7" });
        var next = await ann.CallAsync("resume_agent", new { idempotency_key = "start 8" });

        Assert.Equal(["film/a.txt"], Subjects(lost));
        Assert.Equal(["film/a.txt", "film/b.txt"], Subjects(again));
        Assert.Equal(LastSeen(lost), LastSeen(again));
        Assert.Empty(Subjects(next));

        static IEnumerable<string> Subjects(System.Text.Json.JsonElement resumed) => resumed.GetProperty("workspaces")[0].GetProperty("events").EnumerateArray().Select(news => news.Text("subject"));
        static string LastSeen(System.Text.Json.JsonElement resumed) => resumed.GetProperty("workspaces")[0].Text("last_seen_at");
    }

    [Fact]
    public async Task Who_worked_without_ever_asking_hears_what_came_after_its_last_act()
    {
        await using var house = await RunHouse.OpenAsync(byHand: true);
        var (ann, bob) = (await house.WorkerAsync("ann"), await house.WorkerAsync("bob"));
        await ann.CallAsync("put_asset", new { asset = "film/a.txt", text = "a" });
        house.Clock.Advance(TimeSpan.FromSeconds(1));
        await bob.CallAsync("put_asset", new { asset = "film/b.txt", text = "b" });

        var news = (await ann.CallAsync("resume_agent", new { })).GetProperty("workspaces")[0];

        Assert.Equal(["film/b.txt"], news.GetProperty("events").EnumerateArray().Select(one => one.Text("subject")));
        Assert.True(news.TryGetProperty("last_seen_at", out _));
    }

    [Fact]
    public async Task Files_are_ready_when_they_are_there_whether_or_not_a_version_is_named()
    {
        await using var house = await RunHouse.OpenAsync();
        await house.Director.CallAsync("put_asset", new { asset = "film/a.txt", text = "a" });
        await house.StartAsync("""{"id": "a", "capability": "x-work", "inputs": {"asset": "film/a.txt", "others": ["film/a.txt@1", "film/none.txt", "film/a.txt@9", "elsewhere/b.txt", "1/2 of it"]}}""");

        var ready = (await house.Director.CallAsync("resume_agent", new { })).GetProperty("files_ready").EnumerateArray();

        Assert.Equal(["film/a.txt@1"], ready.Select(file => file.Text("asset")).Distinct());
    }

    [Fact]
    public async Task Uploads_that_wait_for_bytes_are_in_flight()
    {
        await using var house = await RunHouse.OpenAsync();
        var (ann, bob) = (await house.WorkerAsync("ann"), await house.WorkerAsync("bob"));
        var upload = await ann.CallAsync("create_upload", new { asset = "film/a.mp4", size_bytes = 100 });

        var job = Assert.Single((await ann.CallAsync("resume_agent", new { })).GetProperty("jobs_in_flight").EnumerateArray());

        Assert.Equal(("upload", "stopped", "film/a.mp4", upload.Text("url")), (job.Text("kind"), job.Text("state"), job.Text("asset"), job.Text("url")));
        Assert.Empty((await bob.CallAsync("resume_agent", new { })).GetProperty("jobs_in_flight").EnumerateArray());
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
