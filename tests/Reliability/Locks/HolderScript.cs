using Pipeline.Reliability.Clients;

namespace Pipeline.Reliability.Locks;

/// <summary>Takes one lock and keeps it by renewing, until it is killed.</summary>
internal sealed class HolderScript : IScript
{
    public const double TtlSeconds = 1;

    public string Name => "lock-holder";

    public async Task RunAsync(RigClient client, CancellationToken cancellation)
    {
        // Whoever loses it (a machine that is too busy to renew in time) takes it again.
        while (true)
        {
            var grant = await client.ChangeAsync("acquire_lock", new() { ["asset"] = client.Settings["asset"]!.DeepClone(), ["ttl_seconds"] = TtlSeconds, ["wait_seconds"] = 10 }, cancellation);
            while (grant.IsOk)
            {
                await Task.Delay(300, cancellation);
                grant = await client.ChangeAsync("renew_lock", new() { ["lock_id"] = grant.Body["lock_id"]!.DeepClone() }, cancellation);
            }
        }
    }
}
