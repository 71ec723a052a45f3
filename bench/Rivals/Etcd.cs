using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Pipeline.Bench.Rivals;

/// <summary>etcd's lock service on a lease (etcd.io, "etcd concurrency API Reference"), through its JSON gateway: lock and unlock, one lease a caller.</summary>
internal sealed class Etcd : IRivalLock
{
    private readonly Process _server;
    private readonly HttpClient _client;

    private Etcd(Process server, HttpClient client) => (_server, _client) = (server, client);

    public string Name => "etcd lock on a lease, JSON gateway";

    /// <summary>Starts a server of its own; null when etcd is not installed.</summary>
    public static async Task<IRivalLock?> TryStartAsync(string folder)
    {
        if (RivalProgram.Find("etcd") is not { } program)
        {
            return null;
        }

        var (client, peer) = ($"http://127.0.0.1:{FreePort()}", $"http://127.0.0.1:{FreePort()}");
        var server = RivalProgram.Start(program,
        [
            "--data-dir", Path.Combine(folder, "etcd"), "--listen-client-urls", client, "--advertise-client-urls", client,
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", $"default={peer}",
        ]);
        var http = new HttpClient { BaseAddress = new Uri(client) };
        await RivalProgram.UntilAsync(server, async () =>
        {
            try
            {
                return (await http.GetAsync(new Uri("/health", UriKind.Relative))).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        return new Etcd(server, http);
    }

    public async Task<IRivalCaller> ConnectAsync(int caller)
    {
        var lease = await AskAsync(_client, "/v3/lease/grant", new JsonObject { ["TTL"] = "300" });
        return new Caller(_client, Base64(string.Create(CultureInfo.InvariantCulture, $"clip-{caller}")), lease["ID"]!.GetValue<string>());
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return RivalProgram.StopAsync(_server);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static async Task<JsonNode> AskAsync(HttpClient client, string path, JsonObject body)
    {
        using var response = await client.PostAsJsonAsync(path, body);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    private sealed class Caller(HttpClient client, string name, string lease) : IRivalCaller
    {
        public async Task PairAsync()
        {
            var held = await AskAsync(client, "/v3/lock/lock", new JsonObject { ["name"] = name, ["lease"] = lease });
            await AskAsync(client, "/v3/lock/unlock", new JsonObject { ["key"] = held["key"]!.GetValue<string>() });
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
