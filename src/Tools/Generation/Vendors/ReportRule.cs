using Pipeline.Tools.Generation.Providers;

namespace Pipeline.Tools.Generation.Vendors;

/// <summary>Where in a vendor's document stands how a job fares.</summary>
public sealed record ReportRule
{
    /// <summary>Pointer to the word that says how it stands.</summary>
    public string? State { get; init; }

    /// <summary>What each word means. A word that is not here counts as running.</summary>
    public IReadOnlyDictionary<string, JobStanding> States { get; init; } = new Dictionary<string, JobStanding>();

    /// <summary>Pointers that, where something stands, turn a success into a failure.</summary>
    public IReadOnlyList<string> FailedIf { get; init; } = [];

    /// <summary>Pointers that, where something true stands, mean that the result is no longer kept.</summary>
    public IReadOnlyList<string> ExpiredIf { get; init; } = [];

    /// <summary>Where addresses of results stand.</summary>
    public IReadOnlyList<string> Results { get; init; } = [];

    /// <summary>Where the one result is fetched, when the vendor documents a path instead of telling an address; <c>{job_id}</c>.</summary>
    public string? ResultPath { get; init; }

    public CostRule? Cost { get; init; }

    /// <summary>Whether the vendor documents that failed and cancelled jobs are not billed.</summary>
    public bool FailedIsFree { get; init; }

    /// <summary>Where an error's code stands; the first that is there.</summary>
    public IReadOnlyList<string> Code { get; init; } = [];

    /// <summary>Where an error's text stands; the first that is there.</summary>
    public IReadOnlyList<string> Message { get; init; } = [];

    public string? Progress { get; init; }

    /// <summary>What <see cref="Progress"/> reads when all is done.</summary>
    public double ProgressOf { get; init; } = 1;

    public string? QueuePosition { get; init; }
}

/// <summary>Where the vendor says what it billed.</summary>
public sealed record CostRule
{
    /// <summary>Pointers, the first that is there.</summary>
    public IReadOnlyList<string> Pointers { get; init; } = [];

    /// <summary>Or a response header.</summary>
    public string? Header { get; init; }

    /// <summary>Micros for one of what stands there: 1 for micros, 1000000 for dollars, the price of a unit for units.</summary>
    public decimal UnitMicros { get; init; } = 1;

    /// <summary>Tokens read, priced by the card's own price list.</summary>
    public string? InputTokens { get; init; }

    /// <summary>Tokens written, priced by the card's own price list.</summary>
    public string? OutputTokens { get; init; }
}
