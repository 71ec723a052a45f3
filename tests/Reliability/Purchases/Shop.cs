using System.Text.Json.Nodes;
using Pipeline.Faults.Vendors;
using Pipeline.Reliability.Serving;

namespace Pipeline.Reliability.Purchases;

/// <summary>What is for sale, as an operator's files say it: one vendor behind five dialects.</summary>
internal static class Shop
{
    public const string Workspace = "shop";

    /// <summary>The most that one purchase can cost; the vendor's prices are all below it, and no two near each other are alike.</summary>
    public const long BoundMicros = 20_000;

    private static readonly (string Dialect, string Door, string Output)[] Doors =
        [("fal-queue", "fal", "video"), ("replicate-predictions", "replicate", "video"), ("plain-rest", "rest", "video"), ("openai-video", "openai", "video"), ("openai-images", "openai", "image")];

    /// <summary>The model that the n-th intent names.</summary>
    public static string ModelOf(int n) => "paid-" + Doors[n % Doors.Length].Dialect;

    /// <summary>Where the n-th intent's result goes, which names the intent.</summary>
    public static string OutputOf(int n) => $"{Workspace}/{IntentOf(n)}{(Doors[n % Doors.Length].Output == "image" ? ".png" : ".mp4")}";

    /// <summary>The n-th intent, as its prompt says it to the vendor.</summary>
    public static string IntentOf(int n) => $"intent-{n:D6}";

    /// <summary>Writes the operator's files and tells the server of them.</summary>
    public static void Furnish(ServerProcess server, VendorServer vendor, string folder)
    {
        foreach (var (name, value) in Write(vendor, server.Url, folder))
        {
            server.Environment[name] = value;
        }
    }

    /// <summary>Writes the operator's files.</summary>
    /// <param name="vendor">Who sells.</param>
    /// <param name="server">Where webhooks go; null for none.</param>
    /// <param name="folder">Gets them.</param>
    /// <returns>The environment of a server that uses them.</returns>
    public static Dictionary<string, string> Write(VendorServer vendor, Uri? server, string folder)
    {
        Directory.CreateDirectory(folder);
        var (providersFile, modelsFile) = (Path.Combine(folder, "providers.json"), Path.Combine(folder, "models.json"));
        var providers = new JsonObject { ["public_url"] = server?.ToString(), ["providers"] = new JsonArray([.. Doors.Select(door => Entry(door.Dialect, door.Door, door.Output, vendor))]) };
        File.WriteAllText(providersFile, providers.ToJsonString());
        File.WriteAllText(modelsFile, new JsonObject { ["models"] = new JsonArray([.. Doors.Select(door => Card(door.Dialect, door.Output))]) }.ToJsonString());
        return new() { ["PIPELINE_PROVIDERS"] = providersFile, ["PIPELINE_MODELS"] = modelsFile, ["VENDOR_KEY"] = vendor.Settings.Key, ["VENDOR_HOOK"] = vendor.Settings.HookSecret };
    }

    private static JsonObject Entry(string dialect, string door, string output, VendorServer vendor) => new()
    {
        ["name"] = dialect, ["dialect"] = dialect, ["base_url"] = $"{vendor.Url}{door}", ["key_env"] = "VENDOR_KEY", ["hook_secret_env"] = "VENDOR_HOOK", ["timeout_seconds"] = 3,
        ["models"] = new JsonObject { ["paid-" + dialect] = $"studio/{output}" }, ["overrides"] = Overrides(dialect, vendor),
    };

    private static JsonObject Card(string dialect, string output) => new()
    {
        ["id"] = "paid-" + dialect, ["version"] = "1", ["provider"] = dialect, ["kind"] = "http", ["capabilities"] = new JsonArray("generate_" + output), ["inputs"] = new JsonArray("text"),
        ["outputs"] = new JsonArray(output), ["price"] = new JsonObject { ["per_request_micros"] = BoundMicros, ["dated"] = "2026-11-01" }, ["tier"] = "draft",
        ["latency"] = new JsonObject { ["fixed_seconds"] = 1, ["per_media_second"] = 0 }, ["quality"] = 0.5,
    };

    /// <summary>What a provider's entry changes: this vendor says what it bills, which most dialects do not document.</summary>
    public static JsonObject Overrides(string dialect, VendorServer vendor)
    {
        static JsonObject Cost() => new() { ["cost"] = new JsonObject { ["pointers"] = new JsonArray("/cost_micros"), ["header"] = "x-cost-micros", ["input_tokens"] = null, ["output_tokens"] = null } };
        return dialect switch
        {
            "openai-images" => new() { ["submit"] = Cost() },
            "openai-video" => new() { ["poll"] = new JsonObject { ["report"] = Cost() } },
            "fal-queue" => new() { ["poll"] = new JsonObject { ["report"] = Cost() }, ["webhook"] = new JsonObject { ["report"] = Cost(), ["keys_url"] = $"{vendor.Url}fal/keys" } },
            _ => new() { ["poll"] = new JsonObject { ["report"] = Cost() }, ["webhook"] = new JsonObject { ["report"] = Cost() } },
        };
    }
}
