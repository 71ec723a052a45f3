namespace Pipeline.Faults.Vendors;

/// <summary>How a vendor behaves.</summary>
public sealed record VendorSettings
{
    /// <summary>What its callers prove themselves with.</summary>
    public string Key { get; init; } = "vendor-key-0123456789";

    /// <summary>What it signs webhooks with, where a shared secret is used.</summary>
    public string HookSecret { get; init; } = "whsec_" + Convert.ToBase64String("vendor-hook-secret-of-32-bytes!!"u8);

    /// <summary>What goes wrong with the next purchase.</summary>
    public Func<VendorFault> Choose { get; init; } = static () => VendorFault.None;

    /// <summary>Whether a key of an intent that came before answers with its first job. Most vendors document nothing of the kind.</summary>
    public bool HonoursKeys { get; init; }

    /// <summary>From acceptance to the end of a job.</summary>
    public TimeSpan JobTime { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>What a model costs and how long it takes, by the name that the vendor is asked for; null to go by <see cref="JobTime"/> and <see cref="PriceMicros"/>.</summary>
    public Func<string, VendorOffer>? Offer { get; init; }

    /// <summary>How long <see cref="VendorFault.Slow"/> answers take.</summary>
    public TimeSpan SlowTime { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>What one purchase costs, by the number of the line on the bill.</summary>
    public Func<int, long> PriceMicros { get; init; } = static number => 10_000 + (number * 37 % 9_973);
}

/// <summary>One purchase of a model.</summary>
/// <param name="PriceMicros">What the bill says.</param>
/// <param name="Takes">From acceptance to the result; where the answer is the result, to the answer.</param>
public sealed record VendorOffer(long PriceMicros, TimeSpan Takes);
