using System.Text.Json.Nodes;
using Pipeline.Reliability.Recording;
using Pipeline.Reliability.Reporting;
using Pipeline.Reliability.Serving;

namespace Pipeline.Reliability.Runs;

/// <summary>
/// Kills the server so many times while mixed runs go on, a worker now and then, and lets others sleep past their lease. Every run ends as its plan
/// must, each step has one accepted result, nothing is claimed before what it needs, every charge that was reported stands in the ledger, and
/// whoever asks resume_agent hears what it was told before.
/// </summary>
internal sealed class CycleWorkload : IWorkload
{
    private const string Workspace = "mixed";
    private const int LongRun = 100;
    private const int Workers = 4;
    private const int MostAnswers = 40;
    private const double LeaseSeconds = 3;

    public string Name => "cycles";

    public string Guard => "commit";

    public async Task<Verdict> RunAsync(WorkloadRun run, CancellationToken cancellation)
    {
        await using var rig = await Rig.OpenAsync(run.Folder, run.Seed, run.LeaveOut);
        var plans = MixedPlans.All(run.Count >= LongRun ? 200 : 30);
        var planIds = await PrepareAsync(rig, plans);
        var workers = 0;
        while (workers < Workers)
        {
            StartWorker(rig, workers++);
        }

        using var enough = new CancellationTokenSource();
        using var over = new CancellationTokenSource();
        var starting = MixedRuns.KeepGoingAsync(rig, planIds, enough.Token);
        var killing = KillAsync(rig, run.Count, () => StartWorker(rig, workers++), enough, over.Token);
        if (await Task.WhenAny(starting, killing) == killing)
        {
            await killing;
        }

        var runs = await starting;
        var unfinished = await MixedRuns.EndAsync(rig, runs, killing);
        await over.CancelAsync();
        await killing;
        await rig.StopClientsAsync();

        var findings = new Findings(Name, rig);
        findings.Figures["runs"] = runs.Count;
        findings.Figures["runs_not_ended"] = unfinished.Count;
        unfinished.ForEach(state => findings.Violation($"A run did not end: {state}"));
        var history = rig.Recorder.Read();
        await new RunJudge(rig, history, findings).JudgeAsync(Workspace, runs.ToDictionary(pair => pair.Key, pair => plans[pair.Value]));
        JudgeResumes(history, findings);
        findings.Require(rig.Server.Kills >= run.Count, $"Only {rig.Server.Kills} kills counted.");
        return findings.Conclude();
    }

    private static async Task<List<string>> PrepareAsync(Rig rig, IReadOnlyList<MixedPlan> plans)
    {
        await Stage.WorkspaceAsync(rig, Workspace);
        await Stage.WorkspaceAsync(rig, "resident");
        var ids = new List<string>();
        foreach (var plan in plans)
        {
            ids.Add(await Stage.PlanAsync(rig, Workspace, plan.ToJson()));
        }

        var items = new JsonArray([.. Enumerable.Range(0, 50).Select(item => JsonValue.Create(item))]);
        var own = await Stage.PlanAsync(rig, "resident", new() { ["steps"] = new JsonArray(Stage.Step("s", with: new() { ["for_each"] = items })) });
        rig.Start("resident", "resident-0", 0, new() { ["workspace"] = "resident", ["plan"] = own });
        return ids;
    }

    private static void StartWorker(Rig rig, int number) =>
        rig.Start("worker", $"worker-{number}", number, new() { ["workspace"] = Workspace, ["lease_seconds"] = LeaseSeconds });

    private static async Task KillAsync(Rig rig, int kills, Action replace, CancellationTokenSource enough, CancellationToken over)
    {
        for (var cycle = 1; !over.IsCancellationRequested; cycle++)
        {
            if (rig.Server.Kills >= kills)
            {
                await enough.CancelAsync();
            }

            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(over);
            var pause = enough.IsCancellationRequested ? Task.Delay(Timeout.InfiniteTimeSpan, waiting.Token) : AnswersAsync(rig, rig.Random.Next(1, MostAnswers), waiting.Token);
            if (await Task.WhenAny(pause, rig.Server.Ended) != pause)
            {
                await waiting.CancelAsync();
                await rig.Server.DiedAsync(TimeSpan.FromSeconds(10));
                await rig.Server.StartAsync();
            }
            else if (!enough.IsCancellationRequested)
            {
                await rig.RestartAsync();
                await DisturbAsync(rig, cycle, replace);
            }
        }
    }

    // A kill strikes right behind an answer, when what was answered is on disk or was never to be; counted in answers, a slow machine is struck no sooner.
    private static async Task AnswersAsync(Rig rig, int answers, CancellationToken cancellation)
    {
        for (var enough = rig.Recorder.Answered + answers; rig.Recorder.Answered < enough;)
        {
            await Task.Delay(2, cancellation);
        }
    }

    private static async Task DisturbAsync(Rig rig, int cycle, Action replace)
    {
        var workers = rig.Clients.Where(client => client.Name.StartsWith("worker", StringComparison.Ordinal)).ToList();
        var victim = workers[rig.Random.Next(workers.Count)];
        if (cycle % 9 == 4)
        {
            await rig.KillAsync(victim);
            replace();
        }
        else if (cycle % 6 == 2)
        {
            rig.Recorder.Note("client_paused", new() { ["client"] = victim.Name });
            victim.Signal(Signals.Stop);
            _ = Task.Delay(TimeSpan.FromSeconds(LeaseSeconds * (1 + rig.Random.NextDouble())), CancellationToken.None).ContinueWith(_ => victim.Continue(), TaskScheduler.Default);
        }
    }

    private static void JudgeResumes(History history, Findings findings)
    {
        var resumes = history.Notes("resumed").ToList();
        findings.Figures["resumes"] = resumes.Count;
        findings.Figures["resumes_same"] = resumes.Count(note => note.Body!["same"]!.GetValue<bool>());
        foreach (var other in resumes.Where(note => !note.Body!["same"]!.GetValue<bool>()))
        {
            findings.Violation($"resume_agent said other than {other.Client} was told before: {other.Body!.ToJsonString()}");
        }
    }
}
