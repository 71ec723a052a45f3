using System.Text.Json.Nodes;
using Pipeline.Reliability.Clients;

namespace Pipeline.Reliability.Runs;

/// <summary>
/// Holds locks and steps under long leases, takes and gives back one at a time, and asks resume_agent after every change what it holds: that must be
/// what it was told before, whatever was killed meanwhile.
/// </summary>
internal sealed class ResidentScript : IScript
{
    private const int Most = 3;

    private readonly SortedDictionary<string, string> _locks = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, JsonObject> _steps = new(StringComparer.Ordinal);
    private int _paths;

    public string Name => "resident";

    public async Task RunAsync(RigClient client, CancellationToken cancellation)
    {
        var (workspace, plan) = (client.Settings.Text("workspace"), client.Settings.Text("plan"));
        while (!cancellation.IsCancellationRequested)
        {
            await (client.Random.Next(2) == 0 ? ChangeLocksAsync(client, workspace, cancellation) : ChangeStepsAsync(client, workspace, plan, cancellation));
            var resumed = await client.ReadAsync("resume_agent", new() { ["agent"] = client.Name }, cancellation);
            if (!resumed.IsOk)
            {
                continue;
            }

            var told = string.Join(' ', _locks.Values.Concat(_steps.Keys).Order(StringComparer.Ordinal));
            var locks = resumed.Body["locks_held"]!.AsArray().Select(held => Describe(held!.AsObject()));
            var steps = resumed.Body["steps_claimed"]!.AsArray().Select(held => Step(held!.AsObject()));
            var said = string.Join(' ', locks.Concat(steps).Order(StringComparer.Ordinal));
            client.Note("resumed", new() { ["same"] = told == said, ["told"] = told == said ? null : told, ["said"] = told == said ? null : said });
            await Task.Delay(client.Random.Next(100), cancellation);
        }
    }

    private async Task ChangeLocksAsync(RigClient client, string workspace, CancellationToken cancellation)
    {
        if (_locks.Count < Most)
        {
            var granted = await client.ChangeAsync("acquire_lock", new() { ["asset"] = $"{workspace}/{_paths++ % (Most + 2)}.txt", ["ttl_seconds"] = 3600 }, cancellation);
            if (granted.IsOk)
            {
                _locks[granted.Body.Text("lock_id")] = Describe(granted.Body);
            }
        }
        else
        {
            var oldest = _locks.Keys.ElementAt(client.Random.Next(_locks.Count));
            await client.ChangeAsync("release_lock", new() { ["lock_id"] = oldest }, cancellation);
            _locks.Remove(oldest);
        }
    }

    private async Task ChangeStepsAsync(RigClient client, string workspace, string plan, CancellationToken cancellation)
    {
        if (_steps.Count < Most)
        {
            var answer = await client.ChangeAsync("claim_step", Stage.Claim(workspace, 3600), cancellation);
            if (Stage.Claimed(answer.Body) is { } claim)
            {
                _steps[Step(claim)] = claim;
            }
            else
            {
                await client.ChangeAsync("start_run", new() { ["plan_id"] = plan }, cancellation);
            }
        }
        else
        {
            var (name, claim) = _steps.ElementAt(client.Random.Next(_steps.Count));
            await client.ChangeAsync("complete_step", claim, cancellation);
            _steps.Remove(name);
        }
    }

    private static string Describe(JsonObject held) => $"{held.Text("lock_id")}:{held.Text("asset")}:{held.Whole("token")}";

    private static string Step(JsonObject claim) => $"{claim.Text("run_id")}/{claim.Text("step_id")}@{claim.Whole("generation")}";
}
