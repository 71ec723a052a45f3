namespace Pipeline.Reliability.Clients;

/// <summary>Every script that a client process can run.</summary>
public static class Scripts
{
    public static IReadOnlyList<IScript> All { get; } =
    [
        new Runs.CutScript(),
        new Locks.LockSetScript(),
        new Locks.LockMixScript(),
        new Locks.FairnessScript(),
        new Locks.DeadlockScript(),
        new Locks.HolderScript(),
        new Runs.ZombieScript(),
        new Runs.HolderScript(),
        new Runs.WorkerScript(),
        new Runs.ResidentScript(),
        new Webhooks.NotifyScript(),
        new Nodes.FollowScript(),
        new Purchases.PurchaseScript(),
    ];

    public static IScript Find(string name) => All.FirstOrDefault(script => script.Name == name) ?? throw new ArgumentException($"There is no script '{name}'.");
}
