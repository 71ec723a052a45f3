using Pipeline.Tools.Contract;
using Pipeline.Tools.Events;

namespace Pipeline.Tools.Webhooks;

/// <summary>A subscription as stored.</summary>
public sealed record SubscriptionRow
{
    public const string Active = "active";
    public const string Disabled = "disabled";

    public string SubscriptionId { get; init; } = "";
    public string Workspace { get; init; } = "";
    public string Url { get; init; } = "";

    /// <summary>Host and port of the address: receivers on one host share its turns.</summary>
    public string Host { get; init; } = "";

    /// <summary>JSON list of patterns.</summary>
    public string Events { get; init; } = "[]";

    /// <summary>As <see cref="WebhookSecret"/> writes it. Never leaves but in the answer that made it.</summary>
    public string Secret { get; init; } = "";

    /// <summary>The key before, which signs too while receivers change over.</summary>
    public string? OldSecret { get; init; }

    /// <summary>Until when it does.</summary>
    public long OldSecretUntilMs { get; init; }
    public string State { get; init; } = Active;

    /// <summary>Why it is disabled.</summary>
    public string? Reason { get; init; }

    /// <summary>Since when every delivery has failed; null after a success.</summary>
    public long? FailingSinceMs { get; init; }

    /// <summary>Nothing is sent before, because the receiver asked for it.</summary>
    public long ThrottledUntilMs { get; init; }
    public string Principal { get; init; } = "";
    public string Agent { get; init; } = "";
    public long CreatedAtMs { get; init; }

    internal bool Wants(string kind) => KindPatterns.Parse(Wire.Read<string[]>(Events), "events").Matches(kind);
}
