using System.Globalization;
using ModelContextProtocol.Server;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Runs;

[Tool(Toolset.Runs)]
internal sealed partial class GetRun(Call call, RunShow show)
{
    /// <summary>Shows a run: steps with attempts, outputs, metrics, costs, what blocks what; estimate against fact; models chosen and why.</summary>
    /// <param name="run_id">The run.</param>
    /// <param name="steps">Step ids, or a plan's step with its items.</param>
    /// <param name="states">Only in these.</param>
    /// <param name="cursor">From the page before.</param>
    /// <param name="limit">1-100 steps; all if left out.</param>
    [McpServerTool(Name = "get_run", Title = "Get run", ReadOnly = true, Destructive = false, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<RunView> RunAsync(
        string run_id, string[]? steps = null, StepState[]? states = null, string? cursor = null, int? limit = null, CancellationToken cancellation = default)
    {
        var most = limit is { } page ? Limits.Page(page) : (int?)null;
        var skip = 0;
        if (cursor is not null && (!int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out skip) || most is null))
        {
            throw new InvalidArgumentError("cursor", "cursor is one that get_run gave, and goes with limit.");
        }

        var wanted = states?.Select(Wire.Name).ToHashSet(StringComparer.Ordinal);
        return await call.Database.ReadAsync(async query =>
        {
            var row = await RunsTable.RequireAsync(query, call.Caller, run_id).ConfigureAwait(false);
            return await show.OfAsync(query, row, steps, wanted, skip, most).ConfigureAwait(false);
        }, cancellation).ConfigureAwait(false);
    }
}
