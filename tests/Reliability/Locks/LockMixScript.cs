using System.Text.Json.Nodes;
using Pipeline.Reliability.Clients;

namespace Pipeline.Reliability.Locks;

/// <summary>Every call about locks in any order, one's own locks and others', with reads and writes between them.</summary>
internal sealed class LockMixScript : IScript
{
    public string Name => "lock-mix";

    public async Task RunAsync(RigClient client, CancellationToken cancellation)
    {
        var chance = client.Random;
        var (workspace, paths, perSet) = ((string)client.Settings["workspace"]!, (int)client.Settings["paths"]!, (int)client.Settings["calls"]!);
        var mine = new List<(string LockId, string Asset, JsonNode? Token)>();
        var others = new Dictionary<string, (string LockId, JsonNode Token)>();
        for (var call = 0; ; call++)
        {
            // Fresh paths now and then keep the history of each short enough to be looked through.
            var asset = $"{workspace}/{call / perSet}/{chance.Next(paths)}.txt";
            switch (chance.Next(16))
            {
                case < 5:
                    await AcquireAsync(asset, asset[..^5]);
                    break;
                case 5 when mine.Count > 0:
                    await client.ChangeAsync("renew_lock", new() { ["lock_id"] = Pick().LockId, ["ttl_seconds"] = chance.Next(1, 4) }, cancellation);
                    break;
                case 6 when mine.Count > 0 && Pick() is { Token: not null } held:
                    await client.ChangeAsync("acquire_lock", new() { ["asset"] = held.Asset, ["lock_id"] = held.LockId, ["mode"] = "shared", ["ttl_seconds"] = chance.Next(1, 4) }, cancellation);
                    break;
                case 7 when others.TryGetValue(asset, out var foreign):
                    await client.ChangeAsync("release_lock", new() { ["lock_id"] = foreign.LockId }, cancellation);
                    break;
                case 8 when chance.Next(4) == 0 && others.TryGetValue(asset, out var unwanted):
                    await client.ChangeAsync("break_lock", new() { ["lock_id"] = unwanted.LockId, ["reason"] = "in the way" }, cancellation);
                    break;
                case 9:
                    await ListAsync(asset);
                    break;
                case 10:
                    await client.ReadAsync("read_asset", new() { ["asset"] = asset }, cancellation);
                    break;
                case 11:
                    await WriteAsync(asset, null);
                    break;
                case 12 when others.TryGetValue(asset, out var stolen):
                    await WriteAsync(asset, stolen.Token);
                    break;
                case < 15 when mine.Count > 0 && Pick() is { Token: not null } own:
                    await WriteAsync(own.Asset, own.Token);
                    break;
                case 15 when mine.Count > 0:
                    var ended = Pick();
                    await client.ChangeAsync("release_lock", new() { ["lock_id"] = ended.LockId }, cancellation);
                    if (chance.Next(5) > 0)
                    {
                        mine.Remove(ended);
                    }

                    break;
            }

            await Task.Delay(chance.Next(10) == 0 ? chance.Next(800) : chance.Next(10), cancellation);
        }

        (string LockId, string Asset, JsonNode? Token) Pick() => mine[chance.Next(mine.Count)];

        async Task AcquireAsync(string asset, string folder)
        {
            var arguments = new JsonObject
            {
                ["mode"] = chance.Next(3) == 0 ? "shared" : "exclusive", ["ttl_seconds"] = chance.Next(1, 4), ["wait_seconds"] = chance.Next(2) == 0 ? 0 : chance.Next(1, 4),
            };
            var together = chance.Next(5) == 0;
            arguments[together ? "assets" : "asset"] = together ? new JsonArray($"{folder}0.txt", $"{folder}1.txt") : asset;
            var grant = await client.ChangeAsync("acquire_lock", arguments, cancellation);
            if (grant.IsOk)
            {
                mine.Add(((string)grant.Body["lock_id"]!, asset, together ? null : grant.Body["token"]!.DeepClone()));
                if (mine.Count > 4)
                {
                    mine.RemoveAt(0);
                }
            }
        }

        async Task ListAsync(string asset)
        {
            var list = await client.ReadAsync("list_locks", new() { ["asset"] = asset }, cancellation);
            foreach (var row in list.IsOk ? list.Body["locks"]!.AsArray() : [])
            {
                if ((string)row!["holder"]! != client.Name)
                {
                    others[asset] = ((string)row["lock_id"]!, row["token"]!.DeepClone());
                }
            }
        }

        Task WriteAsync(string asset, JsonNode? token)
        {
            var arguments = new JsonObject { ["asset"] = asset, ["text"] = client.NewKey() };
            if (token is not null)
            {
                arguments["lock_token"] = token.DeepClone();
            }
            else if (chance.Next(2) == 0)
            {
                arguments["if_version"] = chance.Next(6);
            }

            return client.ChangeAsync("put_asset", arguments, cancellation);
        }
    }
}
