using System.Text.Json.Nodes;
using Pipeline.Reliability.Recording;

namespace Pipeline.Reliability.Clients;

/// <summary>How one call ended, as its client saw it.</summary>
/// <param name="Outcome"><see cref="Outcome.Open"/> when no answer came: the call may or may not have had its effect.</param>
/// <param name="Body">The structured answer or refusal; empty when none came.</param>
/// <param name="Code">The refusal's code, or why no answer came.</param>
public sealed record Answer(Outcome Outcome, JsonObject Body, string? Code)
{
    /// <summary>The code of a call that reached nobody, and so had no effect.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>Whether the same call should be sent again: no answer, or one that says nothing of the matter.</summary>
    public bool MustBeSentAgain => IsOpen || SaysNothing(Code);

    /// <summary>Whether a refusal leaves it to the next attempt with the same key.</summary>
    public static bool SaysNothing(string? code) => code is Unreachable or "storage_failed" or "storage_unavailable" or "outcome_unknown" or "busy" or "overloaded" or "draining";

    public bool IsOk => Outcome == Outcome.Ok;

    public bool IsOpen => Outcome == Outcome.Open;
}
