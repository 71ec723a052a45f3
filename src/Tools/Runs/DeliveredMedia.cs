using System.Text.Json.Nodes;
using Pipeline.Storage.State;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Costs;
using Pipeline.Tools.Plans.Expressions;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Runs;

/// <summary>
/// How much finished media a run came to: the results of its deliverable steps, or of the steps that nobody needs when it names none. As long as the
/// probed asset is, or as the step's <c>duration_seconds</c> says; one version counts once.
/// </summary>
internal sealed class DeliveredMedia : IDeliveredMedia
{
    /// <summary>Milliseconds of a run that has ended.</summary>
    public static async ValueTask<long> OfAsync(IQuery query, RunSnapshot run)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var total = 0.0;
        foreach (var step in run.Steps.Values.Where(step => step.State == StepState.Succeeded && IsDelivered(run, step)))
        {
            var address = Values.Text((RunScope.Json(step.Outputs) as JsonObject)?["asset"]);
            if (address is null || seen.Add(address))
            {
                total += await ProbedAsync(query, address).ConfigureAwait(false) ?? Values.Number((RunScope.Json(step.Metrics) as JsonObject)?["duration_seconds"]) ?? 0;
            }
        }

        return (long)Math.Round(total * 1000);
    }

    public async ValueTask<double> SecondsAsync(IQuery query, string workspace, string? runId) => await RunsTable.DeliveredMsAsync(query, workspace, runId).ConfigureAwait(false) / 1000.0;

    private static bool IsDelivered(RunSnapshot run, StepSnapshot step)
    {
        if (run.Graph.IsRepair(step.BaseId)) return false;
        if (run.Plan.Deliverables.Count == 0) return run.Graph.After(step.BaseId).All(run.Graph.IsRepair);
        return run.Plan.Deliverables.Any(text => text == step.BaseId || text.Contains($"steps.{step.BaseId}.", StringComparison.Ordinal));
    }

    private static async ValueTask<double?> ProbedAsync(IQuery query, string? address)
    {
        AssetName name;
        try
        {
            if (address is null) return null;
            name = AssetName.Parse(address);
        }
        catch (InvalidArgumentError)
        {
            return null; // an output that is no address
        }

        var row = await AssetsTable.FindAsync(query, name).ConfigureAwait(false);
        return row?.Facts is { } facts ? Values.Number((JsonNode.Parse(facts) as JsonObject)?["duration_seconds"]) : null;
    }
}
