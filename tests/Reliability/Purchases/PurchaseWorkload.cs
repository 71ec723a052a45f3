using Pipeline.Faults.Vendors;
using Pipeline.Reliability.Reporting;
using Pipeline.Reliability.Runs;

namespace Pipeline.Reliability.Purchases;

/// <summary>
/// So many paid intents from a vendor of which three requests in ten go wrong, while the server is killed every ten seconds: none is bought twice by the
/// vendor's own bill, no result that was made is lost, every outcome that is unknown is listed, and the ledger is the vendor's bill to the micro.
/// </summary>
internal sealed class PurchaseWorkload : IWorkload
{
    private const int Clients = 3;
    private const int ShortCount = 1_000;
    private const double FaultShare = 0.33; // where the answer is the result, what would go wrong later cannot: three requests in ten remain

    public string Name => "purchases";

    public string Guard => "doubt";

    public async Task<Verdict> RunAsync(WorkloadRun run, CancellationToken cancellation)
    {
        var isShort = run.Count < ShortCount;
        var faults = new VendorFaults(run.Seed, FaultShare);
        await using var vendor = await VendorServer.StartAsync(new() { Choose = faults.Draw, JobTime = TimeSpan.FromMilliseconds(300) });
        await MadeMedia.OfAsync("video");
        await using var rig = await Rig.OpenAsync(run.Folder, run.Seed, run.LeaveOut, server => Shop.Furnish(server, vendor, Path.Combine(run.Folder, "operator")));
        await Stage.WorkspaceAsync(rig, Shop.Workspace);

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var kills = KillAsync(rig, TimeSpan.FromSeconds(isShort ? 3 : 10), enough.Token);
        foreach (var index in Enumerable.Range(0, Clients))
        {
            rig.Start("purchase", $"purchase-{index}", index, new() { ["clients"] = Clients, ["count"] = run.Count });
        }

        await rig.ClientsDoneAsync(TimeSpan.FromMinutes(60));
        await enough.CancelAsync();
        await kills;
        var findings = new Findings(Name, rig);
        await new PurchaseJudge(rig, vendor, findings).JudgeAsync(run.Count, cancellation);
        return findings.Conclude();
    }

    private static async Task KillAsync(Rig rig, TimeSpan every, CancellationToken enough)
    {
        while (true)
        {
            await Task.WhenAny(Task.Delay(every, enough));
            if (enough.IsCancellationRequested)
            {
                return;
            }

            await rig.RestartAsync();
        }
    }
}
