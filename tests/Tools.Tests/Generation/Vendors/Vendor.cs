using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Faults.Vendors;
using Pipeline.Tools.Egress;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Generation.Vendors;
using Pipeline.Tools.Models;

namespace Pipeline.Tools.Tests.Generation.Vendors;

/// <summary>A vendor's server and the provider that speaks to it, as an operator's file makes one.</summary>
internal sealed class Vendor : IAsyncDisposable
{
    /// <summary>Every shipped dialect.</summary>
    public static readonly string[] All = ["fal-queue", "replicate-predictions", "openai-images", "openai-speech", "openai-transcription", "openai-video", "plain-rest"];

    /// <summary>Those that answer with a job.</summary>
    public static readonly string[] WithJobs = ["fal-queue", "replicate-predictions", "openai-video", "plain-rest"];

    private const string Cost = """{"pointers": ["/cost_micros"], "header": "x-cost-micros"}""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pipeline-vendors-");

    private Vendor(VendorServer server, string dialect) => (Server, Dialect) = (server, dialect);

    public VendorServer Server { get; }

    public string Dialect { get; }

    public HttpProvider Provider { get; private set; } = null!;

    public string Folder => _folder.FullName;

    /// <summary>What the server's environment holds.</summary>
    public Dictionary<string, string?> Environment { get; } = [];

    private string Door => Dialect[..Dialect.IndexOf('-', StringComparison.Ordinal)] is "plain" ? "rest" : Dialect[..Dialect.IndexOf('-', StringComparison.Ordinal)];

    /// <param name="dialect">One of <see cref="All"/>.</param>
    /// <param name="faults">For the requests in turn; none after them.</param>
    public static Task<Vendor> OpenAsync(string dialect, params VendorFault[] faults)
    {
        var left = new Queue<VendorFault>(faults);
        return OpenAsync(dialect, new VendorSettings { Choose = () => left.TryDequeue(out var fault) ? fault : VendorFault.None, JobTime = TimeSpan.FromMilliseconds(60) });
    }

    /// <param name="dialect">One of <see cref="All"/>.</param>
    /// <param name="settings">The vendor's.</param>
    /// <param name="entry">Members that the entry has beside the usual ones.</param>
    /// <param name="egress">Null for no listed hosts.</param>
    public static async Task<Vendor> OpenAsync(string dialect, VendorSettings settings, string entry = "{}", EgressOptions? egress = null)
    {
        var vendor = new Vendor(await VendorServer.StartAsync(settings), dialect);
        (vendor.Environment["VENDOR_KEY"], vendor.Environment["VENDOR_HOOK"]) = (settings.Key, settings.HookSecret);
        vendor.Provider = vendor.Make(entry, egress);
        return vendor;
    }

    /// <summary>Another provider for the same server.</summary>
    public HttpProvider Make(string entry = "{}", EgressOptions? egress = null)
    {
        var whole = JsonNode.Parse($$"""
            {"name": "vendor", "dialect": "{{Dialect}}", "base_url": "{{Server.Url}}{{Door}}", "key_env": "VENDOR_KEY", "hook_secret_env": "VENDOR_HOOK", "timeout_seconds": 5,
             "models": {"film-1": "studio/film-video", "still-1": "studio/still-image"}, "overrides": {{Overrides()}} }
            """)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(entry)!.AsObject())
        {
            whole[name] = value?.DeepClone();
        }

        var file = new JsonObject { ["providers"] = new JsonArray(whole) };
        var providers = OperatorProviders.Read(new MemoryStream(Encoding.UTF8.GetBytes(file.ToJsonString())));
        return new(providers.Entries[0], egress ?? new(), name => Environment.GetValueOrDefault(name), TimeProvider.System);
    }

    public ProviderCall Call(string prompt = "a red door opens", JsonObject? parameters = null, string key = "intent-1", Uri? hook = null)
    {
        var isHeard = Dialect == "openai-transcription";
        var sound = Path.Combine(Folder, "talk.mp3");
        if (isHeard)
        {
            File.WriteAllBytes(sound, [1, 2, 3]);
        }

        return new("job-1", key, Card(), "generate_video", prompt, parameters ?? [], isHeard ? [new ReferenceFile("w/talk.mp3@1", "audio/mpeg", sound)] : [], Folder, hook);
    }

    public ProviderJob Job(Submission taken) => new("job-1", Card(), taken.VendorJobId!, taken.Handles, Folder);

    /// <summary>Asks until the job is over, or somebody must be asked again later too often.</summary>
    public async Task<JobReport> EndAsync(ProviderJob job)
    {
        for (var ask = 0; ; ask++)
        {
            var report = await Provider.PollAsync(job, CancellationToken.None);
            if (ask == 100 || report.Standing is not (JobStanding.Queued or JobStanding.Running or JobStanding.Unreachable))
            {
                return report;
            }

            await Task.Delay(20);
        }
    }

    public ModelCard Card() => new()
    {
        Id = Dialect == "openai-images" ? "still-1" : "film-1", Version = "1", Provider = "vendor", Kind = ModelKind.Http, Capabilities = ["generate_video"], Inputs = [MediaKind.Text],
        Outputs = [Dialect switch { "openai-images" => MediaKind.Image, "openai-speech" => MediaKind.Audio, "openai-transcription" => MediaKind.Text, _ => MediaKind.Video }],
        Tier = Tier.Draft, Latency = new() { FixedSeconds = 1 }, Quality = 0.5,
    };

    public async ValueTask DisposeAsync()
    {
        Provider.Dispose();
        await Server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private string Overrides() => Dialect switch
    {
        "fal-queue" => $$"""{"poll": {"report": {"cost": {{Cost}} } }, "webhook": {"keys_url": "{{Server.Url}}fal/keys", "report": {"cost": {{Cost}} } } }""",
        "replicate-predictions" => $$"""{"poll": {"report": {"cost": {{Cost}} } }, "webhook": {"report": {"cost": {{Cost}} } } }""",
        "openai-video" => $$"""{"poll": {"report": {"cost": {{Cost}} } } }""",
        "plain-rest" => "{}",
        _ => $$"""{"submit": {"cost": {{Cost}} } }""",
    };
}
