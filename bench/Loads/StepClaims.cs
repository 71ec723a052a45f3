using System.Text.Json.Nodes;
using Pipeline.Bench.Doors;

namespace Pipeline.Bench.Loads;

/// <summary>Claim a step, complete it with the claim's generation: the steps are of fans of a thousand, in as many workspaces as wanted.</summary>
internal sealed class StepClaims(IDoor door, int workspaces = 1)
{
    private const int Fan = 1000;

    /// <summary>Starts runs with at least <paramref name="steps"/> steps that are ready.</summary>
    public Task PrepareAsync(int steps) => Task.WhenAll(Enumerable.Range(0, workspaces).Select(number => PrepareAsync(Name(number), steps / workspaces)));

    private async Task PrepareAsync(string workspace, int steps)
    {
        await door.CallAsync("create_workspace", new JsonObject { ["workspace"] = workspace });
        var plan = await door.CallAsync("create_plan", new JsonObject
        {
            ["workspace"] = workspace,
            ["plan"] = JsonNode.Parse("""{"steps": [{"id": "shot", "capability": "x-bench", "for_each": "inputs.shots", "inputs": {"shot": "${item}"}}]}"""),
        });
        for (var started = 0; started < steps; started += Fan)
        {
            await door.CallAsync("start_run", new JsonObject
            {
                ["plan_id"] = plan["plan_id"]!.GetValue<string>(),
                ["inputs"] = new JsonObject { ["shots"] = new JsonArray([.. Enumerable.Range(0, Fan).Select(static shot => (JsonNode)shot)]) },
            });
        }
    }

    public async Task<bool> OnceAsync(int caller)
    {
        var claimed = await door.CallAsync("claim_step", new JsonObject { ["workspace"] = Name(caller), ["capabilities"] = new JsonArray("x-bench"), ["agent"] = $"agent-{caller}" });
        if (claimed["step"] is not JsonObject step)
        {
            return false;
        }

        await door.CallAsync("complete_step", new JsonObject
        {
            ["run_id"] = step["run_id"]!.GetValue<string>(),
            ["step_id"] = step["step_id"]!.GetValue<string>(),
            ["generation"] = step["generation"]!.GetValue<long>(),
            ["agent"] = $"agent-{caller}",
        });
        return true;
    }

    private string Name(int caller) => workspaces == 1 ? "bench" : $"bench-{workspaces}-{caller % workspaces}";
}
