namespace Pipeline.Tools.Models;

/// <summary>A price in micros (millionths of a US dollar); its parts are added up. All zero means free.</summary>
public sealed record ModelPrice
{
    public long PerRequestMicros { get; init; }

    /// <summary>For every second of media that comes out.</summary>
    public long PerSecondMicros { get; init; }

    /// <summary>For every second of media by the height of its picture, as <c>720p</c>; instead of <see cref="PerSecondMicros"/>.</summary>
    public IReadOnlyDictionary<string, long> PerResolutionMicros { get; init; } = new Dictionary<string, long>();

    /// <summary>For a million tokens read.</summary>
    public long PerMillionInputTokensMicros { get; init; }

    /// <summary>For a million tokens written.</summary>
    public long PerMillionOutputTokensMicros { get; init; }

    /// <summary>
    /// How the provider's own parameters change the whole price: <c>{"num_images": {"each": 1}, "quality": {"low": 1, "high": 4}, "steps": {}}</c>. A number times what each costs, a
    /// factor by word (the highest when nothing is said), or nothing at all.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, decimal>>? ByParameter { get; init; }

    /// <summary>The day on which the price was read.</summary>
    public DateOnly? Dated { get; init; }

    /// <summary>Whether nothing can make it cost anything.</summary>
    public bool IsFree() => PerRequestMicros + PerSecondMicros + PerMillionInputTokensMicros + PerMillionOutputTokensMicros + PerResolutionMicros.Values.Sum() == 0;

    /// <summary>The price of one call, rounded up to a whole micro; null when the price list has no line for it.</summary>
    public long? Of(Demand demand) => new PriceFacts(this).CostMicros(demand);
}
