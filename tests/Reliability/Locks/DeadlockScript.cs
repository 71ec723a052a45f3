using System.Text.Json.Nodes;
using Pipeline.Reliability.Clients;

namespace Pipeline.Reliability.Locks;

/// <summary>Takes paths one after another, in any order and without giving back, sometimes several at once; then gives all back.</summary>
internal sealed class DeadlockScript : IScript
{
    public const double WaitSeconds = 20;

    public string Name => "lock-deadlock";

    public async Task RunAsync(RigClient client, CancellationToken cancellation)
    {
        client.Patience = TimeSpan.FromSeconds(60);
        var chance = client.Random;
        for (var round = 0; round < (int)client.Settings["rounds"]!; round++)
        {
            // Never a path twice: an agent that waits for itself waits like anyone, for its other calls may give back.
            var order = new Queue<int>(Enumerable.Range(0, (int)client.Settings["paths"]!).OrderBy(_ => chance.Next()));
            var held = new List<JsonNode>();
            for (var step = 0; step < 3 && order.Count > 1; step++)
            {
                var paths = Enumerable.Range(0, chance.Next(1, 3)).Select(_ => JsonValue.Create($"knots/{order.Dequeue()}")).ToArray();
                var grant = await client.ChangeAsync(
                    "acquire_lock",
                    new() { ["assets"] = new JsonArray(paths), ["ttl_seconds"] = 120, ["wait_seconds"] = WaitSeconds, ["mode"] = chance.Next(4) == 0 ? "shared" : "exclusive" },
                    cancellation);
                if (!grant.IsOk)
                {
                    break;
                }

                held.Add(grant.Body["lock_id"]!.DeepClone());
                await Task.Delay(chance.Next(40), cancellation);
            }

            foreach (var one in held)
            {
                await client.ChangeAsync("release_lock", new() { ["lock_id"] = one }, cancellation);
            }
        }
    }
}
