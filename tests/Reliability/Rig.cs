using System.Text.Json.Nodes;
using Pipeline.Reliability.Clients;
using Pipeline.Reliability.Recording;
using Pipeline.Reliability.Serving;

namespace Pipeline.Reliability;

/// <summary>
/// One server or several nodes, their clients and the recorder. A workload (see <see cref="IWorkload"/>) opens one, starts the server and its clients, lets a
/// <see cref="Faults.Nemesis"/> loose on them, waits, and then judges the recorded history together with what the server says.
/// </summary>
public sealed class Rig : IAsyncDisposable
{
    private readonly List<ClientProcess> _clients = [];
    private readonly Balancer? _balancer;
    private readonly Lock _gate = new();

    private Rig(string folder, int seed, string? leaveOut, int nodes, IReadOnlyList<OwnNetwork> networks)
    {
        (Folder, Seed) = (Path.GetFullPath(folder), seed);
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }

        Directory.CreateDirectory(Folder);
        Recorder = new(Path.Combine(Folder, "history.jsonl"));
        Servers = nodes == 1
            ? [new(Path.Combine(Folder, "data"), Recorder, leaveOut)]
            : [.. Enumerable.Range(0, nodes).Select(node => new ServerProcess(Path.Combine(Folder, $"node-{node}", "data"), Recorder, leaveOut, networks.ElementAtOrDefault(node)))];
        _balancer = nodes == 1 ? null : new(Servers.Select(server => server.Url));
        Operator = new(Door);
        Random = new(seed);
    }

    /// <summary>Where history, verdict, timeline and the server's data go.</summary>
    public string Folder { get; }

    public int Seed { get; }

    /// <summary>The rig's own chance; clients have theirs.</summary>
    public Random Random { get; }

    public Recorder Recorder { get; }

    /// <summary>The one server, or the first of the nodes.</summary>
    public ServerProcess Server => Servers[0];

    /// <summary>The one server, or all nodes.</summary>
    public IReadOnlyList<ServerProcess> Servers { get; }

    /// <summary>Where clients knock: at the server, or at a balancer before the nodes.</summary>
    public Uri Door => _balancer?.Url ?? Server.Url;

    /// <summary>How many connections of callers are joined to a node.</summary>
    internal int Callers(ServerProcess node) => _balancer?.Joined(node.Url) ?? 0;

    /// <summary>Sets things up and asks the server afterwards; not recorded.</summary>
    public RigOperator Operator { get; }

    /// <summary>The clients that live.</summary>
    public IReadOnlyList<ClientProcess> Clients
    {
        get
        {
            lock (_gate)
            {
                return [.. _clients];
            }
        }
    }

    /// <summary>Opens a rig in <paramref name="folder"/>, which is emptied, with its server up.</summary>
    /// <param name="leaveOut">Guards to leave out, by commas; null for the guarded server.</param>
    /// <param name="prepare">Sees each server before it starts.</param>
    /// <param name="nodes">How many servers, which then need a database and an object store that they share.</param>
    public static Task<Rig> OpenAsync(string folder, int seed, string? leaveOut = null, Action<ServerProcess>? prepare = null, int nodes = 1) =>
        OpenAsync(folder, seed, leaveOut, prepare, nodes, []);

    /// <summary>The same with a network for each node, or for none.</summary>
    internal static async Task<Rig> OpenAsync(string folder, int seed, string? leaveOut, Action<ServerProcess>? prepare, int nodes, IReadOnlyList<OwnNetwork> networks)
    {
        var rig = new Rig(folder, seed, leaveOut, nodes, networks);
        try
        {
            foreach (var server in rig.Servers)
            {
                prepare?.Invoke(server);
                await server.StartAsync();
            }

            return rig;
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a client process.</summary>
    /// <param name="script">Its name among <see cref="Scripts"/>.</param>
    /// <param name="name">Unique in this rig.</param>
    /// <param name="index">From 0 among those of its script.</param>
    /// <param name="settings">What the script should know.</param>
    public ClientProcess Start(string script, string name, int index, JsonObject settings)
    {
        var client = ClientProcess.Start(Recorder, script, name, index, Seed, Door, settings);
        lock (_gate)
        {
            _clients.Add(client);
        }

        return client;
    }

    /// <summary>Kills a client; its calls under way stay open for ever.</summary>
    public async Task KillAsync(ClientProcess client)
    {
        Recorder.Note("client_killed", new() { ["client"] = client.Name });
        client.Kill();
        await ForgetAsync(client);
    }

    /// <summary>Kills the server and starts it again on the same port and data.</summary>
    /// <returns>Whether the kill counts.</returns>
    public async Task<bool> RestartAsync()
    {
        var counted = await Server.KillAsync();
        await Server.StartAsync();
        return counted;
    }

    /// <summary>Asks every client to end and waits for that. A client that failed fails the workload.</summary>
    public async Task StopClientsAsync()
    {
        foreach (var client in Clients)
        {
            await client.StopAsync();
            await ForgetAsync(client);
        }
    }

    /// <summary>Waits until every client's script is done.</summary>
    public async Task ClientsDoneAsync(TimeSpan atMost)
    {
        foreach (var client in Clients)
        {
            await client.EndAsync(atMost);
            await ForgetAsync(client);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in Clients)
        {
            await ForgetAsync(client);
        }

        foreach (var server in Servers)
        {
            await server.DisposeAsync();
        }

        await Operator.DisposeAsync();
        if (_balancer is not null)
        {
            await _balancer.DisposeAsync();
        }

        Recorder.Dispose();
    }

    private async Task ForgetAsync(ClientProcess client)
    {
        await client.DisposeAsync();
        lock (_gate)
        {
            _clients.Remove(client);
        }
    }
}
