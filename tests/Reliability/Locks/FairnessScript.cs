using Pipeline.Reliability.Clients;

namespace Pipeline.Reliability.Locks;

/// <summary>Many agents in one process that wait for one lock, hold it for a moment, and queue again.</summary>
internal sealed class FairnessScript : IScript
{
    public string Name => "lock-fair";

    public async Task RunAsync(RigClient client, CancellationToken cancellation)
    {
        client.Patience = TimeSpan.FromSeconds(90);
        await Task.WhenAll(Enumerable.Range(0, (int)client.Settings["waiters"]!).Select(number => PassAsync(client, $"{client.Name}.{number}", cancellation)));
    }

    private static async Task PassAsync(RigClient client, string agent, CancellationToken cancellation)
    {
        while (true)
        {
            var grant = await client.ChangeAsync(
                "acquire_lock", new() { ["asset"] = "queue/one", ["agent"] = agent, ["ttl_seconds"] = 60, ["wait_seconds"] = 45 }, cancellation);
            if (grant.IsOk)
            {
                await client.ChangeAsync("release_lock", new() { ["lock_id"] = grant.Body["lock_id"]!.DeepClone(), ["agent"] = agent }, cancellation);
            }
        }
    }
}
