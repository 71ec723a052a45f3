using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Pipeline.McpServer.Connections;

namespace Pipeline.McpServer.Http;

/// <summary>The HTTP door: one listening address, guarded, with MCP, the probes and the house's own routes behind it.</summary>
public sealed class HttpDoor : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly LegacySessions _sessions;
    private readonly CancellationTokenSource _stopping;

    private HttpDoor(WebApplication app, LegacySessions sessions, CancellationTokenSource stopping) =>
        (_app, _sessions, _stopping) = (app, sessions, stopping);

    /// <summary>The address it really listens on.</summary>
    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>How many legacy sessions live.</summary>
    public int Sessions => _sessions.Count;

    /// <summary>Opens the door.</summary>
    /// <exception cref="InvalidOperationException">An address that others can reach, but no keys.</exception>
    /// <exception cref="IOException">The address is taken.</exception>
    public static async Task<HttpDoor> OpenAsync(
        HttpDoorOptions options, Composition composition, ConnectionLimits limits, TimeProvider time, CancellationToken cancellation)
    {
        if (options.Keys is null && !IsLoopback(options.Url))
        {
            throw new InvalidOperationException(
                $"{options.Url} can be reached from other machines, and no keys are configured. Give --agents FILE, or listen on 127.0.0.1.");
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(composition.Servers.Logs);
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Drain);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
        });
        builder.WebHost.UseUrls(options.Url.GetLeftPart(UriPartial.Authority));
        var app = builder.Build();

        // Streams that wait for news must end before the web server waits for its requests; the source is ended first in DisposeAsync.
        var stopping = CancellationTokenSource.CreateLinkedTokenSource(app.Lifetime.ApplicationStopping);
        var subscriptions = new Subscriptions(composition.Changes, composition.MaySee, stopping.Token);
        var sessions = new LegacySessions(options, composition.Servers, subscriptions, time);
        var bearer = new Bearer(options.Keys);
        var guard = new OriginGuard(options);
        app.Use((context, next) => Probes.Is(context.Request.Path) || guard.Check(context) is not { } refusal ? next(context) : refusal.WriteAsync(context));
        new McpEndpoint(
            options,
            limits,
            bearer,
            new ModernRequest(options, composition.Servers, subscriptions, time),
            new LegacyRequests(options, sessions, time, stopping.Token)).Map(app);
        Probes.Map(app, composition.Ready, stopping.Token);
        composition.MapRoutes(app, bearer);

        var door = new HttpDoor(app, sessions, stopping);
        try
        {
            await app.StartAsync(cancellation).ConfigureAwait(false);
            return door;
        }
        catch
        {
            await door.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Closes the door: nobody new, streams end, calls in flight may finish for a while, then the rest is cut.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _app.StopAsync().ConfigureAwait(false);
        await _sessions.DisposeAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    /// <summary>Whether only this machine reaches the address.</summary>
    internal static bool IsLoopback(Uri url) =>
        url.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>Signals are the command's business, not the web host's.</summary>
    private sealed class SilentLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
