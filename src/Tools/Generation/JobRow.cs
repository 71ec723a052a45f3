namespace Pipeline.Tools.Generation;

/// <summary>One paid call as stored, from before it is made to its result and its bill.</summary>
public sealed record JobRow
{
    public string JobId { get; init; } = "";

    /// <summary>Hash of what names the intent. One intent has one job, unless the one before provably cost nothing.</summary>
    public string Intent { get; init; } = "";

    /// <summary>Which job of the intent, from 0.</summary>
    public long Take { get; init; }

    /// <summary>Hash of what is asked for, to tell a repeated call from another intent.</summary>
    public string BodyHash { get; init; } = "";

    /// <summary>The idempotency key that every attempt carries to the vendor.</summary>
    public string SendKey { get; init; } = "";
    public string Workspace { get; init; } = "";
    public string Path { get; init; } = "";
    public string? RunId { get; init; }
    public string? StepId { get; init; }
    public string Principal { get; init; } = "";
    public string Agent { get; init; } = "";

    /// <summary>JSON of <see cref="JobWriter"/>.</summary>
    public string Terms { get; init; } = "{}";
    public string Provider { get; init; } = "";
    public string Model { get; init; } = "";
    public string Capability { get; init; } = "";
    public string Tier { get; init; } = "";

    /// <summary>JSON of the card it was priced with.</summary>
    public string Card { get; init; } = "{}";
    public string Prompt { get; init; } = "";

    /// <summary>JSON object.</summary>
    public string Parameters { get; init; } = "{}";

    /// <summary>JSON list of pinned addresses.</summary>
    public string Refs { get; init; } = "[]";
    public string State { get; init; } = JobState.Planned;

    /// <summary>Fencing number of the claim; an outcome that names an older one changes nothing.</summary>
    public long Generation { get; init; }

    /// <summary>The claim that made the last call.</summary>
    public long SentGeneration { get; init; }

    /// <summary>1 while a node works on it.</summary>
    public long Held { get; init; }

    /// <summary>When it is to be looked at; while it is held, when its claim lapses; null when never by itself.</summary>
    public long? DueAtMs { get; init; }

    /// <summary>Calls begun.</summary>
    public long Sends { get; init; }

    /// <summary>Failures in a row of what is being tried now.</summary>
    public long Tries { get; init; }

    /// <summary>Until when it may wait to be sent; then it fails unbilled.</summary>
    public long GiveUpAtMs { get; init; }
    public string? VendorJobId { get; init; }

    /// <summary>The vendor's name for it, told by a webhook before the call was answered.</summary>
    public string? HookedJobId { get; init; }

    /// <summary>JSON object: what the vendor said to ask by.</summary>
    public string Handles { get; init; } = "{}";

    /// <summary>JSON list of results to fetch.</summary>
    public string Results { get; init; } = "[]";
    public long? RatePerMinute { get; init; }
    public long? RateConcurrent { get; init; }

    /// <summary>The most it may cost: its price when it was made.</summary>
    public long BoundMicros { get; init; }
    public long? PremiumMicros { get; init; }

    /// <summary>The day of the price, and the version of the model, as <c>1 of 2026-11-01</c>.</summary>
    public string? PriceVersion { get; init; }
    public string? ReservationId { get; init; }

    /// <summary>Of <see cref="JobBilling"/>.</summary>
    public string Billing { get; init; } = JobBilling.Reserved;
    public long? CostMicros { get; init; }

    /// <summary>A stable word for what went wrong last; null when nothing did.</summary>
    public string? Code { get; init; }
    public string? Message { get; init; }
    public long CancelAsked { get; init; }

    /// <summary>What the vendor answered; null until it was asked.</summary>
    public string? CancelAnswer { get; init; }
    public string? Sha256 { get; init; }
    public long? SizeBytes { get; init; }
    public string? MediaType { get; init; }

    /// <summary>The version that holds the result.</summary>
    public string? Asset { get; init; }

    /// <summary>1 for one that is made beside its step for comparison, from a budget of its own: no money of the run's.</summary>
    public long Shadow { get; init; }
    public long CreatedAtMs { get; init; }
    public long? SentAtMs { get; init; }
    public long? EndedAtMs { get; init; }

    /// <summary>Where the result goes, without a version.</summary>
    public string Output => $"{Workspace}/{Path}";
}
