using System.Text.Json.Nodes;
using Pipeline.Reliability.Clients;

namespace Pipeline.Reliability.Runs;

/// <summary>
/// Claims steps and reports them with a cost that no other report has, so that the ledger can be held against what was reported, line by line.
/// Once in a while it dawdles until its claim is another's.
/// </summary>
internal sealed class WorkerScript : IScript
{
    private const long CostsPerWorker = 1_000_000;

    private long _reports;

    public string Name => "worker";

    public async Task RunAsync(RigClient client, CancellationToken cancellation)
    {
        var settings = client.Settings;
        var (workspace, lease) = (settings.Text("workspace"), settings["lease_seconds"]!.GetValue<double>());
        while (!cancellation.IsCancellationRequested)
        {
            var answer = await client.ChangeAsync("claim_step", Stage.Claim(workspace, lease, waitSeconds: 1), cancellation);
            if (Stage.Claimed(answer.Body) is not { } claim)
            {
                continue;
            }

            var chance = client.Random.NextDouble();
            if (chance < 0.02)
            {
                await Task.Delay(TimeSpan.FromSeconds(lease + 1.2), cancellation);
            }
            else if (chance < 0.1)
            {
                await client.ChangeAsync("renew_step", With(claim, "lease_seconds", lease), cancellation);
            }

            await ReportAsync(client, claim, answer.Body["step"]!.AsObject(), cancellation);
        }
    }

    private Task<Answer> ReportAsync(RigClient client, JsonObject claim, JsonObject step, CancellationToken cancellation)
    {
        var report = With(claim, "cost_micros", ((client.Index + 1) * CostsPerWorker) + ++_reports);
        var inputs = step["inputs"]!.AsObject();
        if (inputs["doomed"] is not null || step.Whole("attempt") <= inputs.Whole("failures"))
        {
            report["error"] = new JsonObject { ["code"] = "no_luck" };
            report["retryable"] = inputs["doomed"] is null;
            return client.ChangeAsync("fail_step", report, cancellation);
        }

        report["outputs"] = new JsonObject { ["by"] = client.Name };
        report["metrics"] = new JsonObject { ["luck"] = client.Random.NextDouble() };
        // Now and then the server dies between this commit and its answer.
        return client.ChangeAsync("complete_step", report, cancellation, cut: client.Random.Next(150) == 0 ? "kill" : null);
    }

    private static JsonObject With(JsonObject claim, string name, JsonNode value)
    {
        var whole = claim.Clone();
        whole[name] = value;
        return whole;
    }
}
