using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ModelContextProtocol.Client;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Costs;
using Pipeline.Tools.Generation;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Models;
using Pipeline.Tools.Tests.Runs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Generation;

/// <summary>A house with a workspace 'film', a scripted vendor with three models, and the work on jobs, which runs from <see cref="Start"/> on.</summary>
internal sealed class JobHouse : IAsyncDisposable
{
    /// <summary>What one call of a scripted model costs.</summary>
    public const long Price = 1_000;

    private readonly CancellationTokenSource _stop = new();
    private Task _work = Task.CompletedTask;

    private JobHouse(House house, McpClient client) => (House, Client) = (house, client);

    public House House { get; }

    public McpClient Client { get; }

    public static async Task<JobHouse> OpenAsync(ScriptedVendor vendor, string? folder = null, TimeProvider? time = null, GenerationOptions? options = null)
    {
        var house = await House.OpenAsync(services =>
        {
            services.AddSingleton<IProvider>(vendor).Replace(ServiceDescriptor.Singleton(Models()))
                .Replace(ServiceDescriptor.Singleton(options ?? new GenerationOptions { StopGrace = TimeSpan.Zero }));
            if (time is not null) services.Replace(ServiceDescriptor.Singleton(time));
        }, folder);
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film", auto_index = false });
        return new(house, client);
    }

    public JobHouse Start()
    {
        _work = House.GetAll<IBackgroundWork>().Single(work => work.GetType().Name == "JobWork").RunAsync(_stop.Token);
        return this;
    }

    /// <summary>Ends the work where it stands, as the end of the process does: nothing that was not committed is.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Record.ExceptionAsync(() => _work);
        Assert.False(_work.IsFaulted, _work.Exception?.ToString());
    }

    public Task<JsonElement> BuyAsync(string? key = null, string output = "film/out.txt", double wait = 45, string model = "words", object? parameters = null, string prompt = "a line", McpClient? by = null) =>
        (by ?? Client).CallAsync("generate_media", new { model, prompt, output, idempotency_key = key, wait_seconds = wait, parameters = parameters ?? new { } });

    public async Task<JobRow> JobAsync(string jobId) => (await House.Database.ReadAsync(query => JobsTable.FindAsync(query, jobId), default))!;

    public async Task<JobRow> UntilAsync(string jobId, params string[] states)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var job = await JobAsync(jobId);
            if (states.Contains(job.State)) return job;
            if (_work.IsFaulted) await _work;
            Assert.False(late.IsCancellationRequested, $"The job stays {job.State} ({job.Code}: {job.Message}).");
            await Task.Delay(20);
        }
    }

    public async Task<IReadOnlyList<Charge>> ChargesAsync() => await House.Database.ReadAsync(query => CostsTable.ListAsync(query, "film", null), default);

    public async Task<IReadOnlyList<JobRow>> JobsAsync() => await House.Database.ReadAsync(query => JobsTable.PageAsync(query, "film", null, null, long.MaxValue, "", 1000), default);

    public async Task<string> TextAsync(string asset) => (await Client.CallAsync("read_asset", new { asset, length = 1000 })).Text("text");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await House.DisposeAsync();
        _stop.Dispose();
    }

    private static Catalogue Models()
    {
        ModelCard Card(string id) => new()
        {
            Id = id, Version = "3", Provider = "scripted", Kind = ModelKind.Http, Capabilities = ["generate_text"], Inputs = [MediaKind.Text, MediaKind.Image], Requires = [MediaKind.Text],
            Outputs = [MediaKind.Text], Tier = Tier.Delivery, Latency = new() { FixedSeconds = 1 }, Quality = 0.5,
            Price = new() { PerRequestMicros = Price, Dated = new(2026, 11, 1) },
        };

        return new Catalogue(
        [
            .. Catalogue.Shipped().Models, Card("words"), Card("dear-words") with { Price = new() { PerRequestMicros = 5 * Price } }, Card("slow-words") with { Rate = new() { Concurrent = 2 } },
            Card("rare-words") with { Rate = new() { RequestsPerMinute = 3 } }, Card("unpriced-words") with { Price = null }, Card("nobodys-words") with { Provider = "nobody" },
            Card("old-words") with { RetiresOn = new(2026, 1, 1) },
            Card("many-words") with
            {
                Price = new()
                {
                    PerRequestMicros = Price,
                    ByParameter = new Dictionary<string, IReadOnlyDictionary<string, decimal>>
                    {
                        ["num_images"] = new Dictionary<string, decimal> { ["each"] = 1 }, ["quality"] = new Dictionary<string, decimal> { ["low"] = 0.5m, ["high"] = 4 }, ["steps"] = new Dictionary<string, decimal>(),
                    },
                },
            },
            Card("timed-words") with { Price = new() { PerResolutionMicros = new Dictionary<string, long> { ["720p"] = 100, ["1080p"] = 300, ["2160p"] = 900 } } },
        ]);
    }
}
