using System.Text.Json.Nodes;
using Pipeline.Reliability.Clients;

namespace Pipeline.Reliability.Runs;

/// <summary>Makes calls whose first answer is lost after its commit, and sends each again with the same key.</summary>
internal sealed class CutScript : IScript
{
    public string Name => "cut";

    public async Task RunAsync(RigClient client, CancellationToken cancellation)
    {
        var (rounds, workspace) = (client.Settings["rounds"]!.GetValue<int>(), client.Settings["workspace"]!.GetValue<string>());
        for (var round = 0; round < rounds; round++)
        {
            Task<Answer> CutAsync(string tool, JsonObject arguments) =>
                client.ChangeAsync(tool, arguments, cancellation, cut: client.Random.Next(2) == 0 ? "answer" : "half");

            var asset = $"{workspace}/{client.Name}/{round % 5}.txt";
            var locked = await CutAsync("acquire_lock", new() { ["asset"] = asset, ["ttl_seconds"] = 600 });
            if (locked.IsOk)
            {
                var token = locked.Body["token"]!.DeepClone();
                await CutAsync("put_asset", new() { ["asset"] = asset, ["text"] = $"{client.Name} {round}", ["lock_token"] = token });
                await CutAsync("set_metadata", new() { ["asset"] = asset, ["metadata"] = new JsonObject { ["round"] = round }, ["lock_token"] = token.DeepClone() });
            }

            var claim = Stage.Claimed((await CutAsync("claim_step", Stage.Claim(workspace, 600))).Body);
            if (claim is not null)
            {
                claim["cost_micros"] = round + 1;
                await (round % 3 == 0
                    ? CutAsync("fail_step", With(claim, "error", new() { ["code"] = "no_luck" }))
                    : CutAsync("complete_step", With(claim, "outputs", new() { ["round"] = round })));
            }

            if (locked.IsOk)
            {
                await CutAsync("release_lock", new() { ["lock_id"] = locked.Body["lock_id"]!.DeepClone() });
            }
        }
    }

    private static JsonObject With(JsonObject claim, string name, JsonObject value)
    {
        claim[name] = value;
        return claim;
    }
}
