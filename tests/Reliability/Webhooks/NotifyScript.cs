using Pipeline.Reliability.Clients;

namespace Pipeline.Reliability.Webhooks;

/// <summary>Tells so many events, several at a time, each until it is answered. One in twenty is undone by the host after its deliveries were queued.</summary>
internal sealed class NotifyScript : IScript
{
    public const string Undone = "rig.undone";

    private const int AtOnce = 4;
    private const int UndoneEvery = 20;

    public string Name => "notify";

    public async Task RunAsync(RigClient client, CancellationToken cancellation)
    {
        var (workspace, kinds) = (client.Settings["workspace"]!.GetValue<string>(), client.Settings["kinds"]!.AsArray().Select(kind => kind!.GetValue<string>()).ToArray());
        var all = Enumerable.Range(0, client.Settings["events"]!.GetValue<int>());
        await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (n, token) =>
        {
            var name = $"{client.Name}-{n}";
            await client.ChangeAsync("notify_webhook", new() { ["workspace"] = workspace, ["event"] = kinds[n % kinds.Length], ["payload"] = new System.Text.Json.Nodes.JsonObject { ["n"] = name } }, token);
            await Task.Delay((int?)client.Settings["rest_ms"] ?? 0, token);
            if (n % UndoneEvery == 0)
            {
                await client.ChangeAsync("notify_webhook", new() { ["workspace"] = workspace, ["event"] = Undone, ["payload"] = new System.Text.Json.Nodes.JsonObject { ["n"] = $"undone-{name}" } }, token);
            }
        });
    }
}
