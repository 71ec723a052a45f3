using System.Text.Json.Nodes;
using Pipeline.Storage.State;
using Pipeline.Tools.Costs;
using Pipeline.Tools.Runs;

namespace Pipeline.Tools.Generation;

/// <summary>
/// Results of a step that were paid for and written, and then another of the same step was accepted: as when a worker gave up on a job that came to its end later.
/// </summary>
internal static class ReplacedResults
{
    private const string Why = "replaced";

    public static async ValueTask WriteOffAsync(ITransaction tx, string workspace, string runId, string stepId)
    {
        if (await JobsTable.PaidAsync(tx, runId, stepId).ConfigureAwait(false) is not { Count: > 0 } paid || await AcceptedAsync(tx, runId, stepId).ConfigureAwait(false) is not { } accepted)
        {
            return;
        }

        // Takes beside it, such as a shadow's, are under other names and were wanted.
        var replaced = paid.Where(job => job.Asset != accepted && accepted.StartsWith($"{job.Workspace}/{job.Path}@", StringComparison.Ordinal)).Select(job => job.JobId).ToHashSet(StringComparer.Ordinal);
        if (replaced.Count == 0)
        {
            return;
        }

        var charges = await CostsTable.ListAsync(tx, workspace, runId).ConfigureAwait(false);
        await CostsTable.WriteOffAsync(tx, charges.Where(charge => charge is { Waste: null, Request: { } id } && replaced.Contains(id)), Why).ConfigureAwait(false);
    }

    private static async ValueTask<string?> AcceptedAsync(IQuery query, string runId, string stepId) =>
        await StepsTable.FindAsync(query, runId, stepId).ConfigureAwait(false) is { Outputs: { } outputs } ? (JsonNode.Parse(outputs) as JsonObject)?["asset"]?.ToString() : null;
}
