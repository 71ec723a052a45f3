using ModelContextProtocol.Server;
using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Costs;

[Tool(Toolset.Admin, Changes = true, Admin = true)]
internal sealed partial class SetBudget(Call call, IEnumerable<IRunDirectory> runs)
{
    private const int LongestName = 256;

    /// <summary>Limits what a workspace, a run, a step, an agent or a provider may spend. Each budget that covers a call must have room for the most it may cost. agent: a principal, an agent's name, or PRINCIPAL/AGENT.</summary>
    /// <param name="limit_micros">Millionths of a dollar; below what is spent stops further calls.</param>
    /// <param name="workspace">One of these five.</param>
    /// <param name="run_id">A run.</param>
    /// <param name="step_id">With run_id: one of its steps, with all items.</param>
    /// <param name="agent">A principal, an agent's name, or PRINCIPAL/AGENT.</param>
    /// <param name="provider">As in list_models.</param>
    /// <param name="period">After which it begins anew, UTC; total: never.</param>
    /// <param name="approve_above_micros">Calls that may cost more wait for approve_step.</param>
    [McpServerTool(Name = "set_budget", Title = "Set budget", ReadOnly = false, Destructive = true, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<BudgetSet> RunAsync(
        long limit_micros, string? workspace = null, string? run_id = null, string? step_id = null, string? agent = null, string? provider = null,
        BudgetPeriod period = BudgetPeriod.Total, long? approve_above_micros = null, CancellationToken cancellation = default)
    {
        if (limit_micros < 0 || approve_above_micros < 0)
        {
            throw new InvalidArgumentError(limit_micros < 0 ? "limit_micros" : "approve_above_micros", "A sum of money is not negative.");
        }

        if ((agent ?? provider ?? step_id) is { } given && !Visible.IsName(given, LongestName))
        {
            throw new InvalidArgumentError(agent is not null ? "agent" : provider is not null ? "provider" : "step_id", $"A name is 1 to {LongestName} visible characters.");
        }

        var name = Name(workspace, run_id, step_id, agent, provider);
        var place = await call.Database.ReadAsync(query => PlaceAsync(query, workspace, run_id), cancellation).ConfigureAwait(false);
        // Alone: what it counts from before must not change meanwhile, and those who reserve must not miss it.
        return await call.CommitAsync(place, null, async tx =>
        {
            var row = await BudgetsTable.SetAsync(tx, name, limit_micros, period, approve_above_micros).ConfigureAwait(false);
            return new BudgetSet(Budget.From(row, tx.NowMs));
        }, cancellation, result => result.Budget, scope: Scopes.Everything).ConfigureAwait(false);
    }

    private static string Name(string? workspace, string? runId, string? stepId, string? agent, string? provider)
    {
        if (new[] { workspace, runId, agent, provider }.Count(given => given is not null) != 1)
        {
            throw new InvalidArgumentError("workspace", "Give one of workspace, run_id, agent and provider.");
        }

        if (stepId is not null && runId is null)
        {
            throw new InvalidArgumentError("step_id", "step_id goes with run_id.");
        }

        return workspace is not null ? BudgetName.Workspace(workspace)
            : agent is not null ? BudgetName.Agent(agent)
            : provider is not null ? BudgetName.Provider(provider)
            : stepId is not null ? BudgetName.Step(runId!, stepId)
            : BudgetName.Run(runId!);
    }

    // What spans workspaces is for those who see all of them.
    private async ValueTask<string> PlaceAsync(IQuery query, string? workspace, string? runId)
    {
        if (workspace is null && runId is null)
        {
            return call.Caller.Workspaces is null ? "" : throw new ForbiddenError("access to all workspaces", "some");
        }

        var place = workspace is null
            ? await RunPlace.OfAsync(query, runs, call.Caller, runId!).ConfigureAwait(false)
            : (await WorkspacesTable.RequireAsync(query, call.Caller, workspace).ConfigureAwait(false)).Workspace;
        await OrganizationsTable.RequireOwnerAsync(query, call.Caller, place).ConfigureAwait(false);
        return place;
    }
}

/// <summary>The budget in force.</summary>
public sealed record BudgetSet(Budget Budget);
