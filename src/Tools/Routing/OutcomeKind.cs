namespace Pipeline.Tools.Routing;

/// <summary>How a call of a model ended.</summary>
public enum OutcomeKind
{
    Succeeded,

    /// <summary>The provider took it and could not do it, or answered with an error of its own.</summary>
    Failed,

    /// <summary>Too many calls just now (429).</summary>
    RateLimited,

    /// <summary>The account's allowance is used up; waiting a minute does not help.</summary>
    QuotaExhausted,

    /// <summary>It was sent and nobody knows what became of it.</summary>
    Ambiguous,

    /// <summary>Nobody answered.</summary>
    Unreachable,
}
