namespace Pipeline.Reliability;

/// <summary>Every workload with how much of it a long run does.</summary>
public static class Workloads
{
    /// <summary>In the order in which they run.</summary>
    public static IReadOnlyList<(IWorkload Workload, int LongCount)> All { get; } =
    [
        (new Runs.CutWorkload(), 2_000),
        (new Locks.LockSetWorkload(), 50_000),
        (new Locks.LockMixWorkload(), 10_000),
        (new Locks.FairnessWorkload(), 10_000),
        (new Locks.DeadlockWorkload(), 1_000),
        (new Locks.HolderWorkload(), 2_000),
        (new Runs.ZombieWorkload(), 10_000),
        (new Runs.HolderWorkload(), 2_000),
        (new Runs.CycleWorkload(), 1_000),
        (new Webhooks.WebhookWorkload(), 20_000),
        (new Nodes.NodesWorkload("nodes", Nodes.NodeFaults.All), 1_800),
        (new Nodes.NodesWorkload("cut-offs", Nodes.NodeFaults.CutOffs), 600),
        (new Purchases.PurchaseWorkload(), 5_000),
    ];

    public static IWorkload Find(string name) => All.FirstOrDefault(entry => entry.Workload.Name == name).Workload ?? throw new ArgumentException($"There is no workload '{name}'.");
}
