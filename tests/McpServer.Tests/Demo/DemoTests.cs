using System.Text.Json.Nodes;
using Pipeline.McpServer.Demo;
using Pipeline.Tools.Media.Programs;

namespace Pipeline.McpServer.Tests.Demo;

public sealed class DemoTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pipeline-demo-");

    [Fact]
    public async Task The_default_sample_becomes_a_delivered_film()
    {
        var (exit, run, said) = await DemoProcess.RunAsync("demo", "--out", _folder.FullName, "--json");

        Assert.True(exit == 0, said);
        Assert.Equal("succeeded", (string?)run!["state"]);
        Assert.Equal(run.ToJsonString(), JsonNode.Parse(await ReadAsync("run.json"))!.ToJsonString());
        Assert.Equal("delivery.ready", (string?)run["webhook"]!["event"]);
        Assert.True((bool)run["audit"]!["verified"]!);
        Assert.True((double)run["saved_share"]! > 0);
        Assert.True((double)run["cuts"]!["saved_share"]! > 0.5);
        Assert.Equal(["conditional", "hybrid", "parallel", "sequential"], run["patterns"]!.AsArray().Select(pattern => (string)pattern!).Order());
        Assert.NotEmpty(run["hits"]!.AsArray());

        var repaired = Assert.Single(Steps(run, "denoise"), step => (string?)step["state"] == "succeeded" && step["metrics"] is not null);
        Assert.True((double)repaired["metrics"]!["cleanness_before"]! < 0.2 && (double)repaired["metrics"]!["cleanness"]! >= 0.2);
        Assert.All(Steps(run, "extract").Concat(Steps(run, "compose")).Where(step => step["agent"] is not null), step => Assert.StartsWith("worker-", (string?)step["agent"], StringComparison.Ordinal));
        Assert.Contains("director", run["audit"]!["entries_by_agent"]!.AsObject().Select(agent => agent.Key));

        var planned = Steps(run, "extract").Sum(step => (double?)step["metrics"]?["duration_seconds"] ?? 0);
        var decoded = await DemoProcess.DecodedSecondsAsync(Path.Combine(_folder.FullName, "delivery.mp4"));
        Assert.NotNull(decoded);
        Assert.InRange(decoded.Value, planned - 0.25, planned + 0.25);
        Assert.True(new FileInfo(Path.Combine(_folder.FullName, "contact-sheet.jpg")).Length > 0);
    }

    [Fact]
    public async Task A_demo_that_is_killed_finishes_the_same_run_when_it_is_resumed()
    {
        var script = SampleScript.Shipped();
        script = script with { SceneSeconds = 5, Scenes = [.. script.Scenes.Take(3).Select(scene => scene with { Says = [.. scene.Says.Take(1)] })] };
        var film = Path.Combine(_folder.FullName, "film.mp4");
        await new SampleFilm(new Ffmpeg(new FfmpegOptions(), TimeProvider.System)).MakeAsync(script, film, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.ChangeExtension(film, ".vtt"), script.WebVtt(), TestContext.Current.CancellationToken);
        var place = Path.Combine(_folder.FullName, "out");

        using (var killed = DemoProcess.Start("demo", "--input", film, "--transcript", Path.ChangeExtension(film, ".vtt"), "--brief", "the storm at sea, then the sunrise", "--out", place))
        {
            while (await killed.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.Contains("cut[", StringComparison.Ordinal))
            {
            }

            killed.Kill(); // only itself: its server, director and workers are left behind
            await killed.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var left = DemoNote.Read(place)!;
        var (exit, run, said) = await DemoProcess.RunAsync("demo", "--out", place, "--resume", "--json");

        Assert.True(exit == 0, said);
        Assert.NotNull(left.RunId);
        Assert.Equal(left.RunId, (string?)run!["run_id"]);
        Assert.Equal("succeeded", (string?)run["state"]);
        Assert.NotNull(run["webhook"]);
        Assert.All(left.Children, child => Assert.Null(child.Find()));
    }

    [Fact]
    public async Task What_is_no_film_fails_with_the_reason()
    {
        var text = Path.Combine(_folder.FullName, "text.mp4");
        await File.WriteAllTextAsync(text, "not a film", TestContext.Current.CancellationToken);

        var (exit, run, said) = await DemoProcess.RunAsync("demo", "--input", text, "--out", Path.Combine(_folder.FullName, "out"), "--json");

        Assert.Equal(1, exit);
        Assert.Equal("failed", (string?)run!["state"]);
        Assert.Contains("not_media", said, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder.FullName, "out", "delivery.mp4")));
    }

    [Fact]
    public async Task Wrong_usage_is_refused_with_what_would_be_right()
    {
        var (exit, _, said) = await DemoProcess.RunAsync("demo", "--generate", "--input", typeof(DemoTests).Assembly.Location, "--out", _folder.FullName);
        var (missing, _, _) = await DemoProcess.RunAsync("demo", "--input", "/no/such/film.mp4", "--out", _folder.FullName);
        var (nothing, _, reason) = await DemoProcess.RunAsync("demo", "--resume", "--out", _folder.FullName);

        Assert.Equal((2, 2, 1), (exit, missing, nothing));
        Assert.Contains("--generate", said, StringComparison.Ordinal);
        Assert.Contains("nothing to resume", reason, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static IEnumerable<JsonNode> Steps(JsonNode run, string capability) =>
        run["steps"]!.AsArray().Select(step => step!).Where(step => (string?)step["capability"] == capability);

    private Task<string> ReadAsync(string name) => File.ReadAllTextAsync(Path.Combine(_folder.FullName, name), TestContext.Current.CancellationToken);
}
