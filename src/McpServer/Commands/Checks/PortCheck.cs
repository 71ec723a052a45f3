using System.Net;
using System.Net.Sockets;
using Pipeline.McpServer.Serving;

namespace Pipeline.McpServer.Commands.Checks;

/// <summary>Whether <c>serve</c> would find its address free.</summary>
internal static class PortCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static async Task<Finding> RunAsync(CancellationToken cancellation)
    {
        if (!Uri.TryCreate(Settings.Read("PIPELINE_URL") ?? "http://127.0.0.1:8787", UriKind.Absolute, out var url))
        {
            return new("address", Standing.Missing, $"PIPELINE_URL is no address: {Settings.Read("PIPELINE_URL")}", "Write it as http://127.0.0.1:8787.");
        }

        var host = IPAddress.TryParse(url.Host.Trim('[', ']'), out var given) ? given : IPAddress.Loopback;
        using var listener = new TcpListener(host, url.Port);
        try
        {
            listener.Start();
            return new("address", Standing.Ok, $"{url.GetLeftPart(UriPartial.Authority)} is free for 'serve'");
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode != SocketError.AddressAlreadyInUse
                ? new("address", Standing.Note, $"{url.GetLeftPart(UriPartial.Authority)}: {failure.Message}", "Give serve another --url.")
                : await AnswersAsync(url, cancellation).ConfigureAwait(false)
                ? new("address", Standing.Ok, $"a server answers at {url.GetLeftPart(UriPartial.Authority)}/healthz")
                : new("address", Standing.Note, $"another program listens at {url.GetLeftPart(UriPartial.Authority)}", "Give serve another --url, such as http://127.0.0.1:8788.");
        }
    }

    private static async Task<bool> AnswersAsync(Uri url, CancellationToken cancellation)
    {
        using var http = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = await http.GetAsync(new Uri(url, "/healthz"), cancellation).ConfigureAwait(false);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
