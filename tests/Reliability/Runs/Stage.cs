using System.Text.Json.Nodes;

namespace Pipeline.Reliability.Runs;

/// <summary>Sets up workspaces, plans and runs.</summary>
internal static class Stage
{
    public const string Capability = "x-rig";

    public static Task WorkspaceAsync(Rig rig, string workspace) =>
        rig.Operator.ChangeAsync("create_workspace", new() { ["workspace"] = workspace, ["auto_index"] = false });

    /// <summary>Makes a plan.</summary>
    /// <returns>Its id.</returns>
    public static async Task<string> PlanAsync(Rig rig, string workspace, JsonObject plan) =>
        (await rig.Operator.ChangeAsync("create_plan", new() { ["workspace"] = workspace, ["plan"] = plan }))["plan_id"]!.GetValue<string>();

    public static async Task<string> RunAsync(Rig rig, string planId) =>
        (await rig.Operator.ChangeAsync("start_run", new() { ["plan_id"] = planId }))["run_id"]!.GetValue<string>();

    /// <summary>A run of so many steps that can all be claimed at once.</summary>
    public static async Task<string> WideRunAsync(Rig rig, string workspace, int steps)
    {
        var items = new JsonArray([.. Enumerable.Range(0, steps).Select(item => JsonValue.Create(item))]);
        return await RunAsync(rig, await PlanAsync(rig, workspace, new() { ["steps"] = new JsonArray(Step("wide", with: new() { ["for_each"] = items, ["retry"] = Retry(20, 0) })) }));
    }

    /// <summary>A step of a plan.</summary>
    public static JsonObject Step(string id, string[]? needs = null, JsonObject? with = null)
    {
        var step = new JsonObject { ["id"] = id, ["capability"] = Capability, ["needs"] = new JsonArray([.. (needs ?? []).Select(need => JsonValue.Create(need))]) };
        foreach (var (name, value) in with ?? [])
        {
            step[name] = value?.DeepClone();
        }

        return step;
    }

    public static JsonObject Retry(int attempts, double backoffSeconds) => new() { ["max_attempts"] = attempts, ["backoff_seconds"] = backoffSeconds };

    /// <summary>What claim_step wants to know.</summary>
    public static JsonObject Claim(string workspace, double leaseSeconds, double waitSeconds = 0) => new()
    {
        ["workspace"] = workspace,
        ["capabilities"] = new JsonArray(Capability),
        ["lease_seconds"] = leaseSeconds,
        ["wait_seconds"] = waitSeconds,
    };

    /// <summary>The claim that an answer of claim_step gave: run_id, step_id and generation; null when there was none.</summary>
    public static JsonObject? Claimed(JsonObject answer) => answer["step"] is JsonObject step
        ? new() { ["run_id"] = step["run_id"]!.DeepClone(), ["step_id"] = step["step_id"]!.DeepClone(), ["generation"] = step["generation"]!.DeepClone() }
        : null;
}
