using System.Text.Json.Nodes;
using Pipeline.Faults.Vendors;
using Pipeline.Reliability.Purchases;
using Pipeline.Reliability.Serving;

namespace Pipeline.Reliability.Estimates;

/// <summary>One vendor behind five dialects with models that differ in kind, time and price, as an operator's files say it.</summary>
internal static class PriceList
{
    private const double Spread = 0.2;

    public static IReadOnlyList<PricedModel> Models { get; } =
    [
        new("swift-film", "fal-queue", "fal", "video", 0.6, 12_345), new("grand-film", "fal-queue", "fal", "video", 1.8, 61_907), new("replica-film", "replicate-predictions", "replicate", "video", 1.2, 33_331),
        new("rest-film", "plain-rest", "rest", "video", 1.5, 27_449), new("polled-film", "openai-video", "openai", "video", 1, 45_001),
        new("swift-still", "fal-queue", "fal", "image", 0.3, 3_333), new("replica-still", "replicate-predictions", "replicate", "image", 0.4, 2_711), new("prompt-still", "openai-images", "openai", "image", 0.5, 4_001),
        new("score", "fal-queue", "fal", "audio", 0.8, 5_557),
    ];

    /// <summary>A vendor that takes up to a fifth more or less than the median, by chance drawn from the seed for each model by itself.</summary>
    /// <param name="seed">Draws.</param>
    /// <param name="scale">All times are so many times those of the list.</param>
    public static VendorSettings Settings(int seed, double scale)
    {
        var models = Models.ToDictionary(model => model.VendorName);
        var chances = Models.Select((model, at) => (model.VendorName, Chance: new Random((seed * 100) + at))).ToDictionary(pair => pair.VendorName, pair => pair.Chance);
        return new()
        {
            Offer = name =>
            {
                lock (chances)
                {
                    var times = 1 - Spread + (2 * Spread * chances[name].NextDouble());
                    return new(models[name].PriceMicros, TimeSpan.FromSeconds(models[name].Seconds * scale * times));
                }
            },
        };
    }

    /// <summary>Writes the operator's files, with the scaled times on the cards, and tells the server of them.</summary>
    public static void Furnish(ServerProcess server, VendorServer vendor, string folder, double scale)
    {
        Directory.CreateDirectory(folder);
        var (providers, models) = (Path.Combine(folder, "providers.json"), Path.Combine(folder, "models.json"));
        File.WriteAllText(providers, new JsonObject
        {
            ["public_url"] = server.Url.ToString(),
            ["providers"] = new JsonArray([.. Models.GroupBy(model => (model.Dialect, model.Door)).Select(group => Entry(group.Key.Dialect, group.Key.Door, group, vendor))]),
        }.ToJsonString());
        File.WriteAllText(models, new JsonObject { ["models"] = new JsonArray([.. Models.Select(model => Card(model, scale))]) }.ToJsonString());
        foreach (var (name, value) in new Dictionary<string, string> { ["PIPELINE_PROVIDERS"] = providers, ["PIPELINE_MODELS"] = models, ["VENDOR_KEY"] = vendor.Settings.Key, ["VENDOR_HOOK"] = vendor.Settings.HookSecret })
        {
            server.Environment[name] = value;
        }
    }

    private static JsonObject Entry(string dialect, string door, IEnumerable<PricedModel> models, VendorServer vendor) => new()
    {
        ["name"] = dialect, ["dialect"] = dialect, ["base_url"] = $"{vendor.Url}{door}", ["key_env"] = "VENDOR_KEY", ["hook_secret_env"] = "VENDOR_HOOK", ["timeout_seconds"] = 60,
        ["models"] = new JsonObject(models.Select(model => KeyValuePair.Create(model.Id, (JsonNode?)model.VendorName))), ["overrides"] = Shop.Overrides(dialect, vendor),
    };

    private static JsonObject Card(PricedModel model, double scale) => new()
    {
        ["id"] = model.Id, ["version"] = "1", ["provider"] = model.Dialect, ["kind"] = "http", ["capabilities"] = new JsonArray(model.Capability), ["inputs"] = new JsonArray("text"),
        ["outputs"] = new JsonArray(model.Output), ["price"] = new JsonObject { ["per_request_micros"] = model.PriceMicros, ["dated"] = "2026-11-01" }, ["tier"] = "draft",
        ["latency"] = new JsonObject { ["fixed_seconds"] = model.Seconds * scale, ["per_media_second"] = 0 }, ["quality"] = 0.5,
    };
}
