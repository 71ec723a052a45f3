using System.Collections.Concurrent;
using Pipeline.Agents.Connecting;
using Pipeline.Agents.Director;
using Pipeline.Agents.Tests.Serving;
using Pipeline.Agents.Workers;

namespace Pipeline.Agents.Tests.Director;

/// <summary>The whole way from a brief to a delivery: a real server, a director and workers that speak MCP to it.</summary>
public sealed class DirectorHostTests
{
    private const string Cues = "WEBVTT\n\n00:00:00.500 --> 00:00:02.500\nThe lighthouse stands on the cliff.\n\n00:00:05.000 --> 00:00:07.000\nThe market opens at dawn.\n";

    [Fact]
    public async Task A_brief_becomes_a_checked_delivery()
    {
        await using var server = await Server.OpenAsync();
        var (asset, transcript) = await PrepareAsync(server, "coast");
        var events = new ConcurrentQueue<DirectorEvent>();
        using var end = new CancellationTokenSource();
        var workers = Work(server, "coast", 3, end.Token);

        var result = await DirectorHost.RunAsync(Options(server, "coast", asset, transcript) with { ExportPath = Path.Combine(server.Files, "film.mp4") }, new Seen(events), CancellationToken.None);
        await end.CancelAsync();
        await workers;

        Assert.True(result.Verdict.Accepted, string.Join('\n', result.Verdict.Reasons));
        Assert.Equal(("succeeded", "rules"), (result.State, result.Planner));
        Assert.True(new FileInfo(Path.Combine(server.Files, "film.mp4")).Length > 1_000);
        Assert.Contains(events, one => one.Kind == "notice" && one.Text.Contains("plans by rules", StringComparison.Ordinal));
        await using var looks = server.Connect("looks");
        Assert.Contains("lighthouse", (await looks.ReadAsync("read_asset", new { asset = "coast/plans/shotlist.json" }, default)).Text("text"), StringComparison.Ordinal);
        Assert.Empty((await looks.ReadAsync("list_locks", new { workspace = "coast" }, default)).Objects("locks"));
    }

    [Fact]
    public async Task A_director_that_was_killed_goes_on_with_its_run_and_a_killed_server_costs_no_step()
    {
        await using var server = await Server.OpenAsync();
        var (asset, transcript) = await PrepareAsync(server, "storm");
        using var killed = new CancellationTokenSource();
        var events = new ConcurrentQueue<DirectorEvent>();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DirectorHost.RunAsync(
            Options(server, "storm", asset, transcript), new Seen(events, one => { if (one.Kind == "run") killed.Cancel(); }), killed.Token));
        using var end = new CancellationTokenSource();
        var workers = Work(server, "storm", 2, end.Token);

        var resumed = DirectorHost.RunAsync(new DirectorOptions { Server = server.Address, Workspace = "storm", Resume = true }, new Seen(events), CancellationToken.None);
        await Task.Delay(1_500);
        await server.KillAsync();
        await server.StartAsync();
        var result = await resumed;
        await end.CancelAsync();
        await workers;

        Assert.True(result.Verdict.Accepted, string.Join('\n', result.Verdict.Reasons));
        Assert.Single(events, one => one.Kind == "run");
        Assert.Contains(events, one => one.Text == $"going on with {result.RunId}");
    }

    [Fact]
    public async Task A_blurred_segment_is_sharpened_and_measured_again_and_a_sharp_one_goes_past()
    {
        await using var server = await Server.OpenAsync();
        var (asset, transcript) = await PrepareAsync(server, "market", flaw: "gblur=sigma=3");
        using var end = new CancellationTokenSource();
        var workers = Work(server, "market", 2, end.Token);

        var result = await DirectorHost.RunAsync(Options(server, "market", asset, transcript), null, CancellationToken.None);
        await end.CancelAsync();
        await workers;

        Assert.True(result.Verdict.Accepted, string.Join('\n', result.Verdict.Reasons));
        var steps = RunView.From(result.Run).Parts("sharpen").ToList();
        var sharpened = Assert.Single(steps, step => step.State == "succeeded");
        Assert.True(sharpened.Metrics.Number("sharpness") >= new Standards().MinSharpness, sharpened.Metrics.ToJsonString());
        Assert.True(sharpened.Metrics.Number("sharpness_before") < new Standards().MinSharpness, sharpened.Metrics.ToJsonString());
        Assert.Single(steps, step => step is { State: "skipped", Reason: "condition" });
        Assert.All(RunView.From(result.Run).Parts("denoise"), step => Assert.Equal("skipped", step.State));
    }

    private static async Task<(string Asset, string Transcript)> PrepareAsync(Server server, string workspace, string flaw = "null")
    {
        await using var owner = server.Connect("owner");
        var asset = await Footage.PutAsync(server, owner, workspace, flaw);
        await owner.ChangeAsync("put_asset", new { asset = $"{workspace}/footage/day.vtt", text = Cues }, $"cues {workspace}", default);
        return (asset, $"{workspace}/footage/day.vtt");
    }

    private static DirectorOptions Options(Server server, string workspace, string asset, string transcript) =>
        new() { Server = server.Address, Workspace = workspace, Brief = "the lighthouse, then the market", Source = asset, Transcript = transcript };

    private static Task Work(Server server, string workspace, int hands, CancellationToken stop) =>
        WorkerHost.RunAsync(new WorkerOptions { Server = server.Address, Workspace = workspace, Name = "worker", Concurrency = hands, LeaseSeconds = 6, WaitSeconds = 5 }, null, stop);

    private sealed class Seen(ConcurrentQueue<DirectorEvent> events, Action<DirectorEvent>? then = null) : IProgress<DirectorEvent>
    {
        public void Report(DirectorEvent value)
        {
            events.Enqueue(value);
            then?.Invoke(value);
        }
    }
}
