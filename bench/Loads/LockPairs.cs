using System.Text.Json.Nodes;
using Pipeline.Bench.Doors;

namespace Pipeline.Bench.Loads;

/// <summary>Acquire and release, each caller on a path of its own in one workspace.</summary>
internal sealed class LockPairs(IDoor door)
{
    public Task PrepareAsync() => door.CallAsync("create_workspace", new JsonObject { ["workspace"] = "bench" });

    public async Task<bool> OnceAsync(int caller)
    {
        var grant = await door.CallAsync("acquire_lock", new JsonObject { ["asset"] = $"bench/clip-{caller}.mp4", ["ttl_seconds"] = 30, ["agent"] = $"agent-{caller}" });
        await door.CallAsync("release_lock", new JsonObject { ["lock_id"] = grant["lock_id"]!.GetValue<string>(), ["agent"] = $"agent-{caller}" });
        return true;
    }
}
