namespace Pipeline.Tools.Costs;

/// <summary>How budgets are named: the kind of what they cover, and its name. There is one budget for each.</summary>
public static class BudgetName
{
    public static string Workspace(string workspace) => "workspace:" + workspace;

    public static string Run(string runId) => "run:" + runId;

    /// <summary>A step with all its items.</summary>
    public static string Step(string runId, string stepId) => $"step:{runId}/{stepId}";

    /// <summary>A principal, every agent that is called so, or one agent of one principal as <c>PRINCIPAL/AGENT</c>.</summary>
    public static string Agent(string agent) => "agent:" + agent;

    public static string Provider(string provider) => "provider:" + provider;

    /// <summary>The plan's step of an item or a repair: of <c>cut[2]</c> it is <c>cut</c>, of <c>mend:cut[2]:1</c> it is <c>mend</c>.</summary>
    public static string Base(string stepId) => stepId.IndexOfAny(['[', ':']) is > 0 and var at ? stepId[..at] : stepId;

    /// <summary>Kind and subject of a name.</summary>
    public static (string Kind, string Subject) Split(string name) => name.Split(':', 2) is [var kind, var subject] ? (kind, subject) : (name, "");
}
