using Pipeline.Reliability.Clients;

namespace Pipeline.Reliability.Locks;

/// <summary>
/// Adds elements to sets: lock a path, read the set, think, write it back with one element more under the lock's token, release. Whoever is stopped
/// or killed while it thinks comes back late, or never. A set that is full is left for the next.
/// </summary>
internal sealed class LockSetScript : IScript
{
    public const double TtlSeconds = 2;

    public string Name => "lock-set";

    public async Task RunAsync(RigClient client, CancellationToken cancellation)
    {
        var (workspace, most) = ((string)client.Settings["workspace"]!, (int)client.Settings["elements"]!);
        var sets = new int[(int)client.Settings["paths"]!];
        for (var added = 0; ; added++)
        {
            var path = client.Random.Next(sets.Length);
            var asset = $"{workspace}/set-{path}/{sets[path]}.txt";
            var grant = await client.ChangeAsync("acquire_lock", new() { ["asset"] = asset, ["ttl_seconds"] = TtlSeconds, ["wait_seconds"] = 4 }, cancellation);
            if (!grant.IsOk)
            {
                continue;
            }

            var read = await client.ReadAsync("read_asset", new() { ["asset"] = asset }, cancellation);
            var text = read.IsOk ? (string?)read.Body["text"] ?? "" : "";
            if (text.Count(letter => letter == '\n') >= most)
            {
                sets[path]++;
            }
            else if (read.IsOk || read.Code == "not_found")
            {
                await ThinkAsync(client, cancellation);
                await client.ChangeAsync(
                    "put_asset", new() { ["asset"] = asset, ["text"] = $"{text}{client.Name}-{added}\n", ["lock_token"] = grant.Body["token"]!.DeepClone() }, cancellation);
            }

            await client.ChangeAsync("release_lock", new() { ["lock_id"] = grant.Body["lock_id"]!.DeepClone() }, cancellation);
        }
    }

    private static Task ThinkAsync(RigClient client, CancellationToken cancellation) =>
        Task.Delay(client.Random.Next(20) == 0 ? client.Random.Next(1500) : client.Random.Next(15), cancellation);
}
