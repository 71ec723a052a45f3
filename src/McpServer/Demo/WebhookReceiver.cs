using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Pipeline.McpServer.Demo;

/// <summary>A small web server on this machine that takes webhooks and checks each signature.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private const int MaxBodyBytes = 1 << 20;
    private const string Hook = "/delivered";

    private readonly WebApplication _app;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource<WebhookSeen> _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WebhookReceiver(WebApplication app, TimeProvider time) => (_app, _time) = (app, time);

    /// <summary>Where it listens.</summary>
    public Uri Url => new(new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()), Hook);

    /// <summary>The key that signatures must be made with; until it is known everything is asked to come again.</summary>
    public string? Secret { get; set; }

    /// <summary>The first webhook whose signature held.</summary>
    public Task<WebhookSeen> Arrived => _arrived.Task;

    /// <summary>Why the last one was refused.</summary>
    public string? LastRefusal { get; private set; }

    /// <summary>Listens on the port it had, when it is free, else on any.</summary>
    public static async Task<WebhookReceiver> OpenAsync(int port, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            return await ListenAsync(port, time, cancellation).ConfigureAwait(false);
        }
        catch (IOException) when (port != 0)
        {
            return await ListenAsync(0, time, cancellation).ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task<WebhookReceiver> ListenAsync(int port, TimeProvider time, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        });
        var app = builder.Build();
        var receiver = new WebhookReceiver(app, time);
        app.MapPost(Hook, receiver.TakeAsync);
        await app.StartAsync(cancellation).ConfigureAwait(false);
        return receiver;
    }

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        if (Secret is null)
        {
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }

        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted).ConfigureAwait(false);
        string? id = request.Headers["webhook-id"];
        if (WebhookSignatureCheck.Refuse(Secret, id, request.Headers["webhook-timestamp"], request.Headers["webhook-signature"], body.ToArray(), _time.GetUtcNow()) is { } refusal)
        {
            LastRefusal = refusal;
            return Results.Text(refusal, statusCode: StatusCodes.Status401Unauthorized);
        }

        var said = JsonNode.Parse(body.ToArray());
        _arrived.TrySetResult(new WebhookSeen(id!, (string?)said?["type"] ?? "", (string?)said?["data"]?["asset"], _time.GetUtcNow()));
        return Results.NoContent();
    }
}
