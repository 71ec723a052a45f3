using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Pipeline.Tools.Tests.Generation.Vendors;

/// <summary>Takes webhooks as they come.</summary>
internal sealed class HookReceiver : IAsyncDisposable
{
    private readonly Channel<Hook> _came = Channel.CreateUnbounded<Hook>();
    private readonly WebApplication _app;

    private HookReceiver()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            await _came.Writer.WriteAsync(new(context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString()), body.ToArray()));
            context.Response.StatusCode = 200;
        });
    }

    public Uri Url => new(_app.Urls.First() + "/hooks/vendor");

    public static async Task<HookReceiver> OpenAsync()
    {
        var receiver = new HookReceiver();
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>The next so many.</summary>
    public async Task<IReadOnlyList<Hook>> TakeAsync(int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var taken = new List<Hook>();
        while (taken.Count < count)
        {
            taken.Add(await _came.Reader.ReadAsync(patience.Token));
        }

        return taken;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    internal sealed record Hook(Dictionary<string, string> Headers, byte[] Body);
}
