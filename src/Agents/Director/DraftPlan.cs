using System.Text.Json.Nodes;

namespace Pipeline.Agents.Director;

/// <summary>A shot list with the plan made of it.</summary>
/// <param name="Planner"><c>rules</c>, or the model's name.</param>
public sealed record DraftPlan(ShotList Shots, JsonObject Plan, string Planner);

/// <summary>What the server says to a plan.</summary>
/// <param name="PlanId">Null when it was refused.</param>
/// <param name="Answer">The estimate and the warnings.</param>
/// <param name="Problems">What is wrong with it, one JSON object each.</param>
public sealed record PlanAnswer(string? PlanId, JsonObject Answer, IReadOnlyList<string> Problems);
