using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Pipeline.Tools.Tests.Webhooks;

/// <summary>A message as a receiver saw it.</summary>
public sealed record Message(string Path, string Id, string Timestamp, string Signature, string Body, int Attempt)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    /// <summary>Checks the signature as a receiver would, by the specification and without the product's code.</summary>
    /// <param name="key"><c>whsec_</c> or <c>whpk_</c> and base64.</param>
    public bool IsSignedBy(string key)
    {
        var (bytes, signed) = (Convert.FromBase64String(key[(key.IndexOf('_') + 1)..]), Encoding.UTF8.GetBytes($"{Id}.{Timestamp}.{Body}"));
        var signatures = Signature.Split(' ').Select(one => one.Split(',', 2)).ToLookup(one => one[0], one => Convert.FromBase64String(one[1]));
        return key.StartsWith("whpk_", StringComparison.Ordinal)
            ? signatures["v1a"].Any(signature => Ed25519Check.Holds(bytes, signed, signature))
            : signatures["v1"].Any(signature => signature.AsSpan().SequenceEqual(HMACSHA256.HashData(bytes, signed)));
    }
}

/// <summary>A real HTTP server on loopback that takes webhooks and answers as the test wants.</summary>
public sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<Message> _messages = Channel.CreateUnbounded<Message>();
    private readonly ConcurrentDictionary<string, int> _attempts = new();

    private Receiver(Func<Message, HttpResponse, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            string Header(string name) => context.Request.Headers[name].ToString();
            var id = Header("webhook-id");
            var message = new Message(
                context.Request.Path, id, Header("webhook-timestamp"), Header("webhook-signature"), body, _attempts.AddOrUpdate(id, 1, (_, count) => count + 1));
            _messages.Writer.TryWrite(message);
            await answer(message, context.Response);
        });
    }

    public string Url { get; private set; } = "";

    /// <summary>host:port, for the list of allowed hosts.</summary>
    public string Host => new Uri(Url).Authority;

    /// <summary>Messages that came and were not yet taken.</summary>
    public int Waiting => _messages.Reader.Count;

    /// <summary>Answers every message with the status that <paramref name="answer"/> gives for it.</summary>
    public static Task<Receiver> StartAsync(Func<Message, int> answer) => StartAsync((message, response) =>
    {
        response.StatusCode = answer(message);
        return Task.CompletedTask;
    });

    public static async Task<Receiver> StartAsync(Func<Message, HttpResponse, Task> answer)
    {
        var receiver = new Receiver(answer);
        await receiver._app.StartAsync();
        receiver.Url = receiver._app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/hook";
        return receiver;
    }

    /// <summary>The next message.</summary>
    public async Task<Message> NextAsync()
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _messages.Reader.ReadAsync(late.Token);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
