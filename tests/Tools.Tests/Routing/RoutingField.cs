using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.Tools.Models;
using Pipeline.Tools.Routing;

namespace Pipeline.Tools.Tests.Routing;

/// <summary>Models, requests and states drawn from a seed, for the router alone.</summary>
public sealed class RoutingField(int seed)
{
    public const string Capability = "generate_video";

    private static readonly string[] Words =
    [
        "a", "red", "ball", "camera", "dolly", "wet", "street", "crowd", "then", "while", "slow motion", "close-up", "night", "faces", "consistent", "lighting",
        "rain", "door", "opens", "cinematic", "reflection", "hand", "sea", "wind",
    ];

    private readonly Random _random = new(seed);

    public static DateTimeOffset Now { get; } = DateTimeOffset.Parse("2026-11-21T12:00:00Z", CultureInfo.InvariantCulture);

    /// <summary>Cards of one capability, priced by second, by resolution or by request; a few without a price or retired.</summary>
    public IReadOnlyList<ModelCard> Cards(int count) => [.. Enumerable.Range(0, count).Select(Card)];

    public RouteRequest Request(IReadOnlyList<ModelCard> cards)
    {
        var inputs = new JsonObject { ["prompt"] = string.Join(' ', Enumerable.Range(0, _random.Next(2, 40)).Select(_ => Words[_random.Next(Words.Length)])) };
        if (Once(0.7)) inputs["duration_seconds"] = _random.Next(1, 100) / 10.0;
        if (Once(0.5)) inputs["resolution"] = Once(0.5) ? "720p" : "1080p";
        if (Once(0.3)) inputs["references"] = new JsonArray(JsonValue.Create("film/a.png@1"));
        if (Once(0.2)) inputs["aspect"] = "16:9";
        return new RouteRequest(Capability, inputs)
        {
            Constraints = new()
            {
                Tier = Once(0.3) ? (Tier)_random.Next(3) : null,
                MaxCostMicros = Once(0.3) ? _random.Next(500_000, 5_000_000) : null,
                DeadlineSeconds = Once(0.2) ? _random.Next(20, 200) : null,
                Exclude = Once(0.2) ? [Any(cards)] : [],
            },
            Preferred = Once(0.2) ? [Any(cards), Any(cards)] : [],
            Failed = Once(0.1) ? [Any(cards)] : [],
            Shot = $"shot-{_random.Next(200)}",
            MayShadow = true,
        };
    }

    public RoutingState State(IReadOnlyList<ModelCard> cards)
    {
        var arms = Enumerable.Range(0, 3).Select(_ => Any(cards)).Distinct().ToList();
        return new RoutingState
        {
            NowMs = Now.ToUnixTimeMilliseconds(),
            Health = cards.Where(_ => Once(0.3)).ToDictionary(card => card.Id, _ => new ModelHealth
            {
                Reliability = Math.Round(_random.NextDouble(), 4),
                Quality = Once(0.5) ? _random.NextDouble() : null,
                LatencySeconds = Once(0.5) ? _random.NextDouble() * 60 : null,
                CooldownUntilMs = Once(0.2) ? Now.ToUnixTimeMilliseconds() + _random.Next(-5_000, 60_000) : null,
                Note = Once(0.5) ? "rate limited" : null,
            }),
            Pools = cards.Where(_ => Once(0.2)).ToDictionary(card => card.Id, _ => new PoolLoad(_random.Next(8), 4)),
            Weights = Once(0.5) ? arms.ToDictionary(arm => arm, _ => 1.0 / arms.Count) : null,
            Shadow = Once(0.3) ? new ShadowOffer(Any(cards), 0.5, 10_000_000) : null,
        };
    }

    public T[] Shuffled<T>(IEnumerable<T> things)
    {
        var shuffled = things.ToArray();
        _random.Shuffle(shuffled);
        return shuffled;
    }

    private ModelCard Card(int at)
    {
        var takesImage = Once(0.5);
        return new ModelCard
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"model-{at:000}"),
            Version = "1",
            Provider = $"provider-{at % 9}",
            Kind = at % 10 == 0 ? ModelKind.Local : ModelKind.Http,
            Capabilities = [Capability],
            Inputs = takesImage ? [MediaKind.Text, MediaKind.Image] : [MediaKind.Text],
            Requires = takesImage && Once(0.3) ? [MediaKind.Image] : [MediaKind.Text],
            Outputs = [MediaKind.Video],
            Limits = new() { MaxDurationSeconds = _random.Next(4, 20), MaxWidth = 1920, MaxHeight = 1080, MaxReferences = takesImage ? 3 : 0, Aspects = ["16:9", "9:16"] },
            Price = at % 17 == 0 ? null : at % 3 == 0
                ? new() { PerResolutionMicros = new Dictionary<string, long> { ["720p"] = _random.Next(10_000, 200_000), ["1080p"] = _random.Next(200_000, 500_000) } }
                : new() { PerSecondMicros = _random.Next(0, 300_000), PerRequestMicros = _random.Next(0, 1_000) },
            Tier = (Tier)_random.Next(3),
            Rate = new() { Concurrent = 4 },
            Latency = new() { FixedSeconds = _random.Next(1, 60), PerMediaSecond = _random.Next(1, 12) },
            Quality = Math.Round(_random.NextDouble(), 3),
            RetiresOn = at % 19 == 0 ? new DateOnly(2026, 11, 1) : null,
        };
    }

    private string Any(IReadOnlyList<ModelCard> cards) => cards[_random.Next(cards.Count)].Id;

    private bool Once(double chance) => _random.NextDouble() < chance;
}
