namespace Pipeline.Tools.Routing;

/// <summary>One call of a model and how it ended: what health and breakers live on.</summary>
/// <param name="Provider">As the card names it.</param>
/// <param name="Model">The card's id.</param>
/// <param name="Kind">How it ended.</param>
/// <param name="LatencySeconds">From asking to the result; null when there is none.</param>
/// <param name="RetryAfterSeconds">What the provider asked to wait; null when it did not say.</param>
/// <param name="Code">A stable word, as <c>rate_limited</c>.</param>
public sealed record ModelOutcome(string Provider, string Model, OutcomeKind Kind, double? LatencySeconds, double? RetryAfterSeconds, string? Code)
{
    private static readonly string[] Askers =
        ["bad_request", "refused_content", "unfit_request", "invalid_argument", "cancelled", "reference_gone", "content_policy_violation", "moderation_blocked"];

    // A server that ended within a call says nothing of whom it called.
    private const string OwnEnd = "sender_lost";

    /// <summary>Whether it ran on this machine, whose models never rest.</summary>
    public bool IsLocal { get; init; }

    /// <summary>Whether what was asked, or who asked, is to blame, and not the model.</summary>
    public bool IsBlameless => Kind switch
    {
        OutcomeKind.Failed => Code is not null && Askers.Contains(Code),
        OutcomeKind.Ambiguous => Code == OwnEnd,
        _ => false,
    };
}
