using System.Text.Json.Nodes;

namespace Pipeline.Agents.Director;

/// <summary>What came of a production.</summary>
/// <param name="State">The run's: succeeded, failed or cancelled.</param>
/// <param name="Run">The last answer of get_run.</param>
public sealed record DirectorResult(string ProductionId, string PlanId, string RunId, string State, string Planner, Verdict Verdict, JsonObject Run);
