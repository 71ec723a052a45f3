using System.Text.Json.Nodes;
using Pipeline.Reliability.Clients;

namespace Pipeline.Reliability.Runs;

/// <summary>
/// Claims steps in one name, lets the claims run out, claims them again in another name, and then reports in the first one's name: completions,
/// failures, heartbeats, and writes that carry the old claim. Half of the heirs have completed theirs by then.
/// </summary>
internal sealed class ZombieScript : IScript
{
    /// <summary>Calls that a superseded claim makes for each step.</summary>
    public const int CallsPerStep = 4;

    private const int Together = 8;

    public string Name => "zombie";

    public async Task RunAsync(RigClient client, CancellationToken cancellation)
    {
        var settings = client.Settings;
        var (workspace, plan, batches) = (settings.Text("workspace"), settings.Text("plan"), settings["batches"]!.GetValue<int>());
        for (var batch = 0; batch < batches; batch++)
        {
            var run = (await client.ChangeAsync("start_run", new() { ["plan_id"] = plan }, cancellation)).Body.Text("run_id");
            var late = await ClaimAsync(client, workspace, settings["steps"]!.GetValue<int>(), "late", 1, cancellation);
            var heirs = await ClaimAsync(client, workspace, late.Count, "heir", 600, cancellation);
            await EachAsync(heirs.Where((_, place) => place % 2 == 0), heir => ReportAsync(client, "complete_step", "heir", heir, cancellation));
            var before = await LookAsync(client, workspace, run, cancellation);
            await EachAsync(late, claim => HauntAsync(client, workspace, claim, cancellation));
            var after = await LookAsync(client, workspace, run, cancellation);
            client.Note("haunted", new() { ["run"] = run, ["heirs"] = heirs.Count, ["late"] = late.Count, ["changed"] = before != after, ["before"] = before == after ? null : before, ["after"] = before == after ? null : after });
            await EachAsync(heirs.Where((_, place) => place % 2 == 1), heir => ReportAsync(client, "complete_step", "heir", heir, cancellation));
        }
    }

    private static async Task<List<JsonObject>> ClaimAsync(RigClient client, string workspace, int count, string who, double leaseSeconds, CancellationToken cancellation)
    {
        var claims = new List<JsonObject>();
        await EachAsync(Enumerable.Range(0, count), async _ =>
        {
            var arguments = Stage.Claim(workspace, leaseSeconds, waitSeconds: 10);
            arguments["agent"] = $"{client.Name}-{who}";
            if (Stage.Claimed((await client.ChangeAsync("claim_step", arguments, cancellation)).Body) is { } claim)
            {
                lock (claims)
                {
                    claims.Add(claim);
                }
            }
        });
        return claims;
    }

    private static async Task HauntAsync(RigClient client, string workspace, JsonObject claim, CancellationToken cancellation)
    {
        await ReportAsync(client, "complete_step", "late", claim, cancellation);
        var failure = claim.Clone();
        failure["error"] = new JsonObject { ["code"] = "too_late" };
        await ReportAsync(client, "fail_step", "late", failure, cancellation);
        await ReportAsync(client, "renew_step", "late", claim, cancellation);
        await client.ChangeAsync(
            "put_asset",
            new() { ["agent"] = $"{client.Name}-late", ["asset"] = $"{workspace}/{claim.Text("step_id").Replace('[', '-').TrimEnd(']')}.txt", ["text"] = "late", ["claim"] = claim.DeepClone() },
            cancellation);
    }

    private static Task<Answer> ReportAsync(RigClient client, string tool, string who, JsonObject claim, CancellationToken cancellation)
    {
        var arguments = claim.Clone();
        arguments["agent"] = $"{client.Name}-{who}";
        return client.ChangeAsync(tool, arguments, cancellation);
    }

    // Everything that a late call could change: the run, the workspace's assets, the log of events.
    private static async Task<string> LookAsync(RigClient client, string workspace, string run, CancellationToken cancellation)
    {
        var view = await client.ReadAsync("get_run", new() { ["run_id"] = run }, cancellation);
        var assets = await client.ReadAsync("list_assets", new() { ["workspace"] = workspace }, cancellation);
        var events = await client.ReadAsync("wait_events", new() { ["workspace"] = workspace, ["limit"] = 1 }, cancellation);
        var costs = await client.ReadAsync("report_costs", new() { ["run_id"] = run }, cancellation);
        return $"{RunPages.Still(view.Body)} {assets.Body.ToJsonString()} {events.Body.ToJsonString()} {costs.Body.ToJsonString()}";
    }

    private static async Task EachAsync<T>(IEnumerable<T> items, Func<T, Task> work) =>
        await Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = Together }, async (item, _) => await work(item));
}
