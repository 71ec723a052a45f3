using System.Text.Json.Nodes;

namespace Pipeline.Agents.Director;

/// <summary>Something that a director did or saw, for whoever shows it.</summary>
/// <param name="Kind">
/// <c>script</c>, <c>planning</c>, <c>casting</c>, <c>plan</c>, <c>notice</c>, <c>run</c>, <c>step</c>, <c>compared</c>, <c>decision</c>, <c>verdict</c> or <c>end</c>.
/// </param>
/// <param name="Text">One line for people.</param>
/// <param name="Data">The same for programs: the shot list, the plan's answer, the step, the verdict, the run.</param>
public sealed record DirectorEvent(string Kind, string Text, JsonNode? Data = null);
