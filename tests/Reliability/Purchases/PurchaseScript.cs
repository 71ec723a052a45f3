using Pipeline.Reliability.Clients;
using Pipeline.Reliability.Runs;

namespace Pipeline.Reliability.Purchases;

/// <summary>Buys so many things, several at a time: each call is made again with its key until the job has ended or its outcome is unknown.</summary>
internal sealed class PurchaseScript : IScript
{
    private const int AtOnce = 16;
    private const int LoseEvery = 20;

    public string Name => "purchase";

    public async Task RunAsync(RigClient client, CancellationToken cancellation)
    {
        var (clients, count) = (client.Settings["clients"]!.GetValue<int>(), client.Settings["count"]!.GetValue<int>());
        var mine = Enumerable.Range(0, count).Where(n => n % clients == client.Index);
        await Parallel.ForEachAsync(mine, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (n, token) => await BuyAsync(client, n, token));
    }

    private static async Task BuyAsync(RigClient client, int n, CancellationToken cancellation)
    {
        for (var ask = 0; ; ask++)
        {
            var answer = await client.ChangeAsync(
                "generate_media", new() { ["model"] = Shop.ModelOf(n), ["prompt"] = Shop.IntentOf(n), ["output"] = Shop.OutputOf(n), ["wait_seconds"] = 8 }, cancellation,
                Shop.IntentOf(n), ask == 0 && n % LoseEvery == 0 ? "answer" : null);
            if (!answer.IsOk || answer.Body.Text("state") is "done" or "orphaned" or "failed" or "cancelled" or "lost" or "ambiguous")
            {
                client.Note("purchase_ended", new() { ["n"] = n, ["state"] = answer.IsOk ? answer.Body.Text("state") : $"refused: {answer.Code}", ["job_id"] = answer.Body["job_id"]?.DeepClone() });
                return;
            }
        }
    }
}
