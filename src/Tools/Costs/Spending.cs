namespace Pipeline.Tools.Costs;

/// <summary>Who is about to pay whom, and for what: what budgets are matched against.</summary>
/// <param name="Workspace">Where the result will be.</param>
/// <param name="RunId">The run it is for; null outside of one.</param>
/// <param name="StepId">The step it is for; an item of a fan-out as <c>id[0]</c>.</param>
/// <param name="Principal">Who is accountable.</param>
/// <param name="Agent">The agent inside the principal.</param>
/// <param name="Provider">Who is paid.</param>
/// <param name="Model">What is paid for.</param>
/// <param name="Request">The intent: one reservation is made for one of them.</param>
/// <param name="Generation">The claim of the step under which a call is ordered here; null outside of one, and for what a worker reports.</param>
public sealed record Spending(
    string Workspace, string? RunId, string? StepId, string Principal, string Agent, string Provider, string Model, string Request, long? Generation = null)
{
    /// <summary>The names of all budgets that would cover it.</summary>
    public IReadOnlyList<string> BudgetNames()
    {
        var names = new List<string>
        {
            BudgetName.Workspace(Workspace), BudgetName.Provider(Provider), BudgetName.Agent(Principal), BudgetName.Agent(Agent), BudgetName.Agent($"{Principal}/{Agent}"),
        };
        if (RunId is not null)
        {
            names.Add(BudgetName.Run(RunId));
            if (StepId is not null)
            {
                names.Add(BudgetName.Step(RunId, StepId));
                names.Add(BudgetName.Step(RunId, BudgetName.Base(StepId)));
            }
        }

        return [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }
}
