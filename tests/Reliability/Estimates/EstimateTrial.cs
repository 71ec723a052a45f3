using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;
using Pipeline.Agents.Workers;
using Pipeline.Faults.Vendors;

namespace Pipeline.Reliability.Estimates;

/// <summary>
/// A real server, a vendor whose jobs take their time, and workers of one to four hands, each number in a workspace of its own: plans are estimated, run for
/// real, and compared with what they took and cost.
/// </summary>
public sealed class EstimateTrial : IAsyncDisposable
{
    private const int MostSlots = 4;
    private const int WarmUpTimes = 12;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private readonly CancellationTokenSource _end = new();
    private readonly VendorServer _vendor;
    private readonly Rig _rig;
    private readonly Random _random;
    private Task _workers = Task.CompletedTask;

    private EstimateTrial(VendorServer vendor, Rig rig) => (_vendor, _rig, _random) = (vendor, rig, new Random(rig.Seed));

    /// <summary>What the vendor billed so far.</summary>
    public long BilledMicros => _vendor.Bill.TotalMicros;

    /// <summary>Opens the house with its workers at hand.</summary>
    /// <param name="folder">Emptied first.</param>
    /// <param name="seed">Draws the plans and the vendor's times.</param>
    /// <param name="scale">The vendor's times, 0.3 to 1.8 s at the median, are so many times as long.</param>
    /// <param name="look">Whether the shipped workers do the steps, which measure every picture and sound that comes.</param>
    public static async Task<EstimateTrial> OpenAsync(string folder, int seed, double scale = 1, bool look = false)
    {
        foreach (var kind in (string[])["video", "image", "audio"])
        {
            await MadeMedia.OfAsync(kind);
        }

        var vendor = await VendorServer.StartAsync(PriceList.Settings(seed, scale));
        var trial = new EstimateTrial(vendor, await Rig.OpenAsync(folder, seed, null, server => PriceList.Furnish(server, vendor, Path.Combine(folder, "operator"), scale)));
        for (var slots = 1; slots <= MostSlots; slots++)
        {
            await trial._rig.Operator.ChangeAsync("create_workspace", new() { ["workspace"] = WorkspaceOf(slots), ["auto_index"] = false });
        }

        trial._workers = Task.WhenAll(Enumerable.Range(1, MostSlots).Select(slots => trial.WorkAsync(slots, look)));
        return trial;
    }

    /// <summary>
    /// Runs so many drawn plans, on one to four hands in turn: those of as many hands one after another, and so four at a time. Before them every model is called
    /// a few times, so that there is something to go by.
    /// </summary>
    /// <param name="count">Plans.</param>
    /// <param name="tell">Hears of each.</param>
    public async Task<IReadOnlyList<EstimatedRun>> RunAsync(int count, Action<EstimatedRun> tell)
    {
        // Fives and fours meet in every pair.
        var plans = Enumerable.Range(0, count).Select(number => (Slots: 1 + (number % MostSlots), Plan: DrawnPlan.Draw($"plan-{number}", WorkspaceOf(1 + (number % MostSlots)), number, _random))).ToList();
        var cards = new List<double>();
        foreach (var (slots, plan) in plans)
        {
            cards.Add(Seconds(await CreateAsync(slots, plan)));
        }

        await WarmUpAsync(WarmUpTimes);
        var runs = await Task.WhenAll(plans.Zip(cards).GroupBy(pair => pair.First.Slots).Select(async lane =>
        {
            var done = new List<EstimatedRun>();
            foreach (var ((slots, plan), said) in lane)
            {
                done.Add(await RunAsync(slots, plan, said));
                tell(done[^1]);
            }

            return done;
        }));
        return [.. runs.SelectMany(lane => lane)];
    }

    /// <summary>Runs one chain of so many calls on one hand, with no warm-up.</summary>
    public async Task<EstimatedRun> ChainAsync(string name, int calls)
    {
        var plan = DrawnPlan.OneAfterAnother(name, WorkspaceOf(1), calls, _random);
        return await RunAsync(1, plan, Seconds(await CreateAsync(1, plan)));
    }

    /// <summary>Calls every model so many times. The very first calls of a server that just started are slow, so that a few say little.</summary>
    public async Task<EstimatedRun> WarmUpAsync(int times)
    {
        var plan = DrawnPlan.Every("warm-up", WorkspaceOf(MostSlots), times);
        return await RunAsync(MostSlots, plan, Seconds(await CreateAsync(MostSlots, plan)));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _workers;
        await _rig.DisposeAsync();
        await _vendor.DisposeAsync();
        _end.Dispose();
    }

    private Task WorkAsync(int slots, bool look)
    {
        var options = new WorkerOptions { Server = ServerAddress.Http(_rig.Server.Url), Workspace = WorkspaceOf(slots), Name = WorkspaceOf(slots), Concurrency = slots };
        return look ? WorkerHost.RunAsync(options, null, _end.Token) : Task.WhenAll(Enumerable.Range(1, slots).Select(async hand =>
        {
            await using var connection = new Connection(options.Server, $"{options.Name}.{hand}", TimeProvider.System);
            await new Worker(connection, [new BuyCraft()], options).RunAsync(_end.Token);
        }));
    }

    private static string WorkspaceOf(int slots) => $"hands-{slots}";

    private static double Seconds(JsonObject created) => created["estimated_latency_seconds"]!.GetValue<double>();

    private Task<JsonObject> CreateAsync(int slots, DrawnPlan plan) =>
        _rig.Operator.ChangeAsync("create_plan", new() { ["workspace"] = WorkspaceOf(slots), ["plan"] = plan.Document.DeepClone(), ["workers"] = slots });

    private async Task<EstimatedRun> RunAsync(int slots, DrawnPlan plan, double cardSeconds)
    {
        var created = await CreateAsync(slots, plan);
        var run = (await _rig.Operator.ChangeAsync("start_run", new() { ["plan_id"] = created["plan_id"]!.DeepClone() }))["run_id"]!;
        using var limit = new CancellationTokenSource(Longest);
        while (true)
        {
            await Task.Delay(500, limit.Token);
            var line = (await _rig.Operator.AskAsync("report_metrics", new() { ["run_id"] = run.DeepClone() }))["estimate"]!;
            if (!line["final"]!.GetValue<bool>())
            {
                continue;
            }

            var state = (await _rig.Operator.AskAsync("get_run", new() { ["run_id"] = run.DeepClone() }))["state"]!.GetValue<string>();
            return state != "succeeded" ? throw new InvalidOperationException($"{plan.Document["name"]} has {state}.")
                : new(plan.Kind, slots, plan.Calls, cardSeconds, Seconds(created), line["seconds"]!.GetValue<double>(), created["estimated_cost_micros"]!.GetValue<long>(), line["cost_micros"]!.GetValue<long>());
        }
    }
}
