using System.Text.Json.Nodes;
using Pipeline.Reliability.Recording;

namespace Pipeline.Reliability.Clients;

/// <summary>How one call ended, as its client saw it.</summary>
/// <param name="Outcome"><see cref="Outcome.Open"/> when no answer came: the call may or may not have had its effect.</param>
/// <param name="Body">The structured answer or refusal; empty when none came.</param>
/// <param name="Code">The refusal's code, or why no answer came.</param>
public sealed record Answer(Outcome Outcome, JsonObject Body, string? Code)
{
    public bool IsOk => Outcome == Outcome.Ok;

    public bool IsOpen => Outcome == Outcome.Open;
}
