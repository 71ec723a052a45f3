using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Pipeline.Faults.Vendors;

/// <summary>
/// A vendor on a loopback port of its own that speaks every dialect, keeps a bill, and fails as vendors do. Its base addresses are <c>/fal</c>, <c>/replicate</c>,
/// <c>/openai</c> and <c>/rest</c>.
/// </summary>
public sealed class VendorServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly WebApplication _app;
    private readonly HookSender _hooks;

    private VendorServer(VendorSettings settings, int port)
    {
        Settings = settings;
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, port));
        builder.Services.AddRoutingCore();
        builder.Logging.SetMinimumLevel(LogLevel.None);
        _app = builder.Build();
        _hooks = new(settings, _end.Token);
        var documents = new VendorDocuments(() => Url.ToString().TrimEnd('/'));
        _hooks.Body = documents.Hook;
        var desk = new VendorDesk(settings, Bill, _hooks, _end.Token);
        _app.UseRouting();
        new FalDoor(desk, documents, Bill).Map(_app);
        new ReplicateDoor(desk, documents, Bill).Map(_app);
        new OpenAiDoor(desk, Bill).Map(_app);
        new RestDoor(desk, documents, Bill).Map(_app);
        new ResultFiles(Bill).Map(_app);
        _app.MapGet("/bill", context => VendorDesk.WriteAsync(context, 200, Bill.ToJson()));
    }

    public VendorSettings Settings { get; }

    public VendorBill Bill { get; } = new();

    public Uri Url => new(_app.Urls.First());

    /// <summary>127.0.0.1:port.</summary>
    public string Host => Url.Authority;

    /// <summary>Starts one.</summary>
    /// <param name="settings">How it behaves.</param>
    /// <param name="port">0 for any that is free.</param>
    public static async Task<VendorServer> StartAsync(VendorSettings? settings = null, int port = 0)
    {
        var server = new VendorServer(settings ?? new(), port);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>The headers of a webhook, signed as the vendor does.</summary>
    public Dictionary<string, string> SignHook(string door, string id, DateTimeOffset at, string body) => HookSender.Sign(door, Settings.HookSecret, HookSender.Seed, id, at.ToUnixTimeSeconds(), body);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
        _hooks.Dispose();
        _end.Dispose();
    }

    /// <summary>The job that the address names, for one who asks how it stands; null when the answer is already an error.</summary>
    internal static async Task<VendorJob?> AskedAsync(HttpContext context, VendorDesk desk, VendorBill bill) =>
        await FindAsync(context, desk, bill) is { } job && !await VendorDesk.IsTroubledAsync(context, job) ? job : null;

    /// <summary>The job that the address names; null when the answer is already a refusal.</summary>
    internal static async Task<VendorJob?> FindAsync(HttpContext context, VendorDesk desk, VendorBill bill)
    {
        if (!await desk.IsKnownAsync(context))
        {
            return null;
        }

        if (bill.Find((string)context.GetRouteValue("id")!) is not { } job)
        {
            await VendorDesk.WriteAsync(context, 404, VendorDesk.Error(context, "not_found", "There is no such job."));
            return null;
        }

        return job;
    }
}
