using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;
using Pipeline.Agents.ModelClients;
using Pipeline.Agents.Tests.ModelClients;
using Pipeline.Agents.Tests.Serving;
using Pipeline.Agents.Workers;
using Pipeline.Agents.Workers.Crafts;
using static Pipeline.Agents.Tests.ModelClients.ScriptedChatClient;

namespace Pipeline.Agents.Tests.Workers.Crafts;

/// <summary>Generating steps of real runs, on a real server with its local models.</summary>
public sealed class GenerateCraftTests(Server server) : IClassFixture<Server>
{
    [Fact]
    public async Task A_model_whose_provider_is_not_there_is_replaced_and_the_take_is_measured_and_charged_once()
    {
        await using var worker = server.Connect("worker");
        var run = await StartAsync(worker, "motion", new
        {
            id = "take",
            capability = "generate_video",
            inputs = new { prompt = "the sea at dusk", duration_seconds = 1, width = 320, height = 180, output = "motion/take.mp4" },
            models = new[] { "swift-video", "synthetic-waves" },
            retry = new { max_attempts = 3, backoff_seconds = 0 },
        });

        var step = await WorkAsync(worker, "motion", run, new GenerateCraft());

        Assert.Equal(("succeeded", "synthetic-waves"), (step.Text("state"), step.Text("model")));
        Assert.Equal("motion/take.mp4@1", ((JsonObject)step["outputs"]!).Text("asset"));
        var metrics = (JsonObject)step["metrics"]!;
        Assert.InRange(metrics.Number("duration_seconds")!.Value, 0.95, 1.05);
        Assert.InRange(metrics.Number("motion")!.Value, 0.0001, 1);
        Assert.InRange(metrics.Number("score")!.Value, 0.2, 1);
        Assert.Single((await worker.ReadAsync("list_jobs", new { workspace = "motion", run_id = run }, default)).Objects("jobs"), job => job.Text("state") == "done");
        Assert.Empty((await worker.ReadAsync("list_locks", new { workspace = "motion" }, default)).Objects("locks"));
    }

    [Fact]
    public async Task Whoever_takes_a_step_over_gets_the_job_that_was_already_asked_for()
    {
        await using var first = server.Connect("first");
        await using var second = server.Connect("second");
        var run = await StartAsync(first, "over", new
        {
            id = "still",
            capability = "generate_image",
            inputs = new { prompt = "a cliff", width = 320, height = 180, output = "over/still.png" },
            models = new[] { "synthetic-gradient" },
        });
        var lost = await ClaimAsync(first, "over", "generate_image", leaseSeconds: 60);
        await first.ChangeAsync(
            "generate_media", new { model = "synthetic-gradient", capability = "generate_image", prompt = "a cliff", parameters = new { width = 320, height = 180 }, output = "over/still.png", run_id = run, step_id = "still", claim = lost.Claim, wait_seconds = 0 },
            lost.LastingIntent("generate"), default);
        await first.ChangeAsync("renew_step", new { run_id = lost.RunId, step_id = lost.StepId, generation = lost.Generation, lease_seconds = 1 }, "the last", default);

        // The first one vanishes; the job goes on without it.
        var step = await WorkAsync(second, "over", run, new GenerateCraft());

        var job = Assert.Single((await first.ReadAsync("list_jobs", new { workspace = "over" }, default)).Objects("jobs"));
        Assert.Equal(("succeeded", job.Text("asset")), (step.Text("state"), ((JsonObject)step["outputs"]!).Text("asset")));
    }

    [Fact]
    public async Task Takes_are_laid_side_by_side_and_the_better_one_wins_on_the_record()
    {
        await using var worker = server.Connect("worker");
        await worker.ChangeAsync("create_workspace", new { workspace = "pick" }, "pick", default);
        var takes = new List<string>();
        foreach (var (model, seed) in new[] { ("synthetic-waves", 1), ("synthetic-waves", 2) })
            takes.Add((await worker.ChangeAsync("generate_media", new { model, prompt = "the sea", parameters = new { duration_seconds = 1, width = 320, height = 180, seed }, output = $"pick/{seed}.mp4" }, $"take {seed}", default)).Text("asset")!);
        using var eye = new ScriptedChatClient(Says("""{"winner": 2, "accepted": false, "reasons": ["too dark"], "retake_prompt": "brighter"}"""));

        var measured = await CompareAsync(worker, new CompareCraft(null), takes);
        var looked = await CompareAsync(worker, new CompareCraft(new ChatModel("eye", eye)), takes);

        Assert.Equal((2, "measured"), (measured.Metrics.Whole("candidates"), ((JsonObject)measured.Outputs["verdict"]!).Text("method")));
        Assert.True(measured.Metrics.Number("score") > 0.2 && measured.Metrics.Number("margin") >= 0, measured.Metrics.ToJsonString());
        Assert.Contains(measured.Outputs.Text("asset"), takes);
        Assert.Equal((takes[1], 0.0, "brighter"), (looked.Outputs.Text("asset"), looked.Metrics.Number("score"), looked.Outputs.Text("retake_prompt")));
        Assert.Equal("image/jpeg", eye.Asked[0].Messages[0].Contents.OfType<Microsoft.Extensions.AI.DataContent>().Single().MediaType);
    }

    [Fact]
    public async Task Text_is_written_by_the_worker_s_model_and_passed_over_without_one()
    {
        await using var worker = server.Connect("worker");
        await worker.ChangeAsync("create_workspace", new { workspace = "words" }, "words", default);
        using var writer = new ScriptedChatClient(Says("A short title"));

        var written = await DoAsync(worker, new WriteTextCraft(new ChatModel("writer", writer)), "words", new { prompt = "a title", output = "words/title.txt" });
        var none = await DoAsync(worker, new WriteTextCraft(null), "words", new { prompt = "a title", output = "words/title.txt" });

        Assert.Equal("A short title", (await worker.ReadAsync("read_asset", new { asset = written.Outputs.Text("asset") }, default)).Text("text"));
        Assert.Equal(WriteTextCraft.NoWriter, none.PassedOver);
    }

    private static Task<StepReport> CompareAsync(Connection worker, CompareCraft craft, IReadOnlyList<string> takes) =>
        DoAsync(worker, craft, "pick", new { candidates = takes.Append(null), prompt = "the sea", output = "pick/sheet.jpg" });

    private static Task<StepReport> DoAsync(Connection worker, ICraft craft, string workspace, object inputs) =>
        craft.DoAsync(new StepWork(worker, new ClaimedStep(workspace, "", Intent.Name("step"), craft.Capabilities[0], 1, (JsonObject)Wire.Object(inputs).DeepClone(), 30)), default);

    private static async Task<string> StartAsync(Connection worker, string workspace, object step)
    {
        await worker.ChangeAsync("create_workspace", new { workspace }, workspace, default);
        var plan = await worker.ChangeAsync("create_plan", new { workspace, plan = new { steps = new[] { step } } }, $"plan {workspace}", default);
        return (await worker.ChangeAsync("start_run", new { plan_id = plan.Text("plan_id") }, $"run {workspace}", default)).Text("run_id")!;
    }

    private static async Task<ClaimedStep> ClaimAsync(Connection worker, string workspace, string capability, double leaseSeconds) =>
        ClaimedStep.From(await worker.ChangeAsync("claim_step", new { workspace, capabilities = new[] { capability }, wait_seconds = 10, lease_seconds = leaseSeconds }, Intent.New("claim"), default), leaseSeconds)!;

    private async Task<JsonObject> WorkAsync(Connection worker, string workspace, string run, ICraft craft)
    {
        var hand = new Worker(worker, [craft], new WorkerOptions { Server = server.Address, Workspace = workspace });
        for (var attempt = 0; attempt < 4; attempt++)
        {
            await hand.DoOneAsync(10, default);
            var shown = await worker.ReadAsync("get_run", new { run_id = run }, default);
            if (shown.Text("state") != "running") return shown.Objects("steps").First();
        }

        throw new InvalidOperationException((await worker.ReadAsync("get_run", new { run_id = run }, default)).ToJsonString());
    }
}
