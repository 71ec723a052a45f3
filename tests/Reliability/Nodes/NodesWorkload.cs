using System.Text.Json.Nodes;
using Pipeline.Faults.Services;
using Pipeline.Faults.Stores;
using Pipeline.Reliability.Faults;
using Pipeline.Reliability.Locks;
using Pipeline.Reliability.Reporting;
using Pipeline.Reliability.Runs;
using Pipeline.Reliability.Serving;
using Pipeline.Reliability.Webhooks;

namespace Pipeline.Reliability.Nodes;

/// <summary>
/// Three nodes on one PostgreSQL and one object store behind a balancer, while nodes are killed, stopped and cut off, sessions of the database are ended or
/// used up, the database restarts and crashes, and the object store fails or is slow: every run ends once, locks hold, every event is read in order
/// and every webhook arrives. Count: seconds under fault.
/// </summary>
/// <param name="name">By which it is asked for.</param>
/// <param name="mix">What is done in so long a time.</param>
internal sealed class NodesWorkload(string name, Func<TimeSpan, FaultMix> mix) : IWorkload
{
    private const int Nodes = 3;
    private const int Workers = 2;
    private const int Lockers = 2;

    private static readonly string[] Workspaces = ["mixed", "sets", "hooks"];

    public string Name => name;

    public string Guard => "waste";

    public async Task<Verdict> RunAsync(WorkloadRun run, CancellationToken cancellation)
    {
        if (PostgresServer.Missing is { } missing)
        {
            return new(Name, run.Seed, [], [$"This needs {missing}."]);
        }

        var length = TimeSpan.FromSeconds(run.Count) is var counted && run.AtMost < counted ? run.AtMost.Value : counted;
        await using var database = await PostgresServer.StartAsync("max_connections=100");
        await using var bucket = await TestBucket.MakeAsync();
        await using var store = new StoreProxy(TestBucket.Endpoint);
        var subscribers = Subscriber.Usual(run.Seed);
        await using var networks = await OwnNetworks.TryMakeAsync(Nodes);
        await using var rig = await Rig.OpenAsync(run.Folder, run.Seed, run.LeaveOut, server => Equip(server.Environment, database, store, bucket, subscribers), Nodes, networks.All);
        var nodes = rig.Servers.Select((server, at) => new Node(server, rig.Recorder, networks.All.ElementAtOrDefault(at), () => rig.Callers(server))).ToList();
        using var over = new CancellationTokenSource();
        var keeping = Task.WhenAll(nodes.Select(node => node.KeepAsync(over.Token)));
        try
        {
            var findings = await RunAsync(run, rig, nodes, new(rig, nodes, database, store, FaultSchedule.Draw(run.Seed, length, mix(length))), subscribers, cancellation);
            CutOff.Tell([.. nodes.SelectMany(node => node.CutOffs)], networks.Missing, rig.Recorder.Read(), findings.Figures);
            return findings.Conclude();
        }
        finally
        {
            await over.CancelAsync();
            await keeping;
            nodes.ForEach(node => node.Dispose());
            foreach (var one in subscribers)
            {
                await one.DisposeAsync();
            }
        }
    }

    private async Task<Findings> RunAsync(WorkloadRun run, Rig rig, List<Node> nodes, NodeNemesis nemesis, Subscriber[] subscribers, CancellationToken cancellation)
    {
        var plans = MixedPlans.All(run.Count > NodeFaults.ShortSeconds ? 40 : 12);
        var planIds = await PrepareAsync(rig, plans, subscribers);
        using var enough = new CancellationTokenSource();
        var starting = MixedRuns.KeepGoingAsync(rig, planIds, enough.Token);
        await subscribers[0].SubscribeAsync(rig.Operator, "hooks", Subscriber.NewSecret()); // the old key signs too from here on, through every fault
        var striking = nemesis.RunAsync(cancellation);
        await Task.WhenAny(starting, striking);
        await enough.CancelAsync();
        await striking;
        var runs = await starting;
        var unfinished = await MixedRuns.EndAsync(rig, runs, striking);
        foreach (var client in rig.Clients.Where(client => client.Name != FollowScript.Client))
        {
            await client.StopAsync();
        }

        var findings = new Findings(Name, rig);
        unfinished.ForEach(state => findings.Violation($"A run did not end: {state}"));
        findings.Figures["runs"] = runs.Count;
        findings.Figures["runs_not_ended"] = unfinished.Count;
        await JudgeAsync(rig, findings, subscribers, cancellation);
        await new RunJudge(rig, rig.Recorder.Read(), findings).JudgeAsync("mixed", runs.ToDictionary(pair => pair.Key, pair => plans[pair.Value]));
        await rig.StopClientsAsync();
        Tell(findings, rig, nodes, nemesis);
        return findings;
    }

    private static async Task JudgeAsync(Rig rig, Findings findings, Subscriber[] subscribers, CancellationToken cancellation)
    {
        var expected = WebhookJudge.Expected(rig);
        await WebhookJudge.ArrivedAsync(rig, subscribers, expected, TimeSpan.FromMinutes(4), cancellation);
        await WebhookJudge.JudgeAsync(rig, subscribers, expected, findings);
        var events = new EventJudge(rig, findings);
        foreach (var workspace in Workspaces)
        {
            await events.JudgeAsync(workspace);
        }

        var history = rig.Recorder.Read();
        LockJudge.Judge(history, findings.Figures, findings.Violation, clockStands: false);
        await LockSetWorkload.JudgeAsync(rig, history, findings);
    }

    private static void Tell(Findings findings, Rig rig, List<Node> nodes, NodeNemesis nemesis)
    {
        foreach (var failure in nodes.SelectMany(node => node.Failures))
        {
            findings.Violation(failure);
        }

        foreach (var (kind, times) in nemesis.Struck)
        {
            findings.Figures[$"fault_{kind}"] = times;
        }

        var history = rig.Recorder.Read();
        findings.Figures["sessions_ended_or_taken"] = nemesis.Sessions;
        findings.Figures["failed_starts"] = nodes.Sum(node => node.FailedStarts);
        findings.Figures["node_away"] = Recoveries.Tell(nodes.SelectMany(node => node.AwayMs));
        findings.Figures["recovery"] = Recoveries.Of(history);
        findings.Figures["refusals"] = new JsonObject(history.Operations.Where(operation => operation.Code is not null).GroupBy(operation => operation.Code!)
            .OrderBy(same => same.Key, StringComparer.Ordinal).Select(same => KeyValuePair.Create(same.Key, (JsonNode?)JsonValue.Create(same.Count()))));
    }

    private static void Equip(Dictionary<string, string> environment, PostgresServer database, StoreProxy store, TestBucket bucket, Subscriber[] subscribers)
    {
        environment["PIPELINE_POSTGRES"] = database.ConnectionString;
        environment["PIPELINE_S3_ENDPOINT"] = store.Endpoint.ToString();
        environment["PIPELINE_S3_BUCKET"] = bucket.Name;
        environment["PIPELINE_S3_ACCESS_KEY"] = bucket.Options.AccessKey;
        environment["PIPELINE_S3_SECRET_KEY"] = bucket.Options.SecretKey;
        environment["PIPELINE_RIG_WEBHOOK_TIMES"] = "1000";
        environment["PIPELINE_EGRESS_HOSTS"] = string.Join(',', subscribers.Select(one => one.Receiver.Host));
    }

    private static async Task<List<string>> PrepareAsync(Rig rig, IReadOnlyList<MixedPlan> plans, Subscriber[] subscribers)
    {
        foreach (var workspace in Workspaces)
        {
            await Stage.WorkspaceAsync(rig, workspace);
        }

        var ids = new List<string>();
        foreach (var plan in plans)
        {
            ids.Add(await Stage.PlanAsync(rig, "mixed", plan.ToJson()));
        }

        await Subscriber.SubscribeAsync(subscribers, rig.Operator, "hooks");
        rig.Start("follow", FollowScript.Client, 0, new() { ["workspaces"] = new JsonArray([.. Workspaces.Select(workspace => JsonValue.Create(workspace))]) });
        rig.Start("notify", "notify-0", 0, new() { ["workspace"] = "hooks", ["kinds"] = Subscriber.Kinds(subscribers), ["events"] = int.MaxValue, ["rest_ms"] = 500 });
        foreach (var worker in Enumerable.Range(0, Workers))
        {
            rig.Start("worker", $"worker-{worker}", worker, new() { ["workspace"] = "mixed", ["lease_seconds"] = NodeFaults.LeaseSeconds });
        }

        foreach (var locker in Enumerable.Range(0, Lockers))
        {
            rig.Start("lock-set", $"locker-{locker}", locker, new() { ["workspace"] = "sets", ["paths"] = 3, ["elements"] = 100 });
        }

        return ids;
    }
}
