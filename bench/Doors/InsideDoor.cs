using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;
using Pipeline.Faults.Disks;
using Pipeline.Index;
using Pipeline.McpServer.Auth;
using Pipeline.McpServer.Connections;
using Pipeline.McpServer.Serving;
using Pipeline.Storage;
using Pipeline.Storage.State;

namespace Pipeline.Bench.Doors;

/// <summary>The whole house in this process, called through its own filters, with no transport between.</summary>
internal sealed class InsideDoor : IDoor
{
    private readonly DataFolder _folder;
    private readonly FaultyDisk? _disk;
    private readonly Composition _composition;
    private readonly MessageTransport _transport;
    private readonly ModelContextProtocol.Server.McpServer _server;
    private readonly Task _running;
    private long _requests;

    private InsideDoor(DataFolder folder, FaultyDisk? disk, Composition composition, MessageTransport transport, ModelContextProtocol.Server.McpServer server)
    {
        (_folder, _disk, _composition, _transport, _server) = (folder, disk, composition, transport, server);
        _running = server.RunAsync();
    }

    public TimeSpan ServerCpu => Process.GetCurrentProcess().TotalProcessorTime;

    /// <summary>Opens it on <paramref name="data"/>.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="flushes">False to leave out what a flush does, as SQLite does with synchronous=OFF.</param>
    /// <param name="postgres">The database that holds the state; null for a file in the folder.</param>
    /// <param name="around">What is put around that database; null for nothing.</param>
    public static async Task<InsideDoor> OpenAsync(string data, bool flushes = true, string? postgres = null, Func<IDatabase, IDatabase>? around = null)
    {
        FaultyDisk? disk = null;
        if (!flushes)
        {
            disk = FaultyDisk.Under(data);
            disk.Syncs = SyncMode.Dropped;
        }

        var folder = DataFolder.TryOwn(data) ?? throw new IOException($"Another process owns {data}.");
        var composition = await PipelineHost.OpenAsync(folder, services =>
        {
            if (postgres is not null)
            {
                services.AddSingleton(_ =>
                {
                    var opened = PostgresDatabase.Open(new() { ConnectionString = postgres, Prepare = PostgresVectorExtension.EnsureAsync });
                    return around?.Invoke(opened) ?? opened;
                });
            }
        }, default);
        var transport = new MessageTransport();
        var options = composition.Servers.OptionsFor(new Connection { Caller = Identity.Operator });
        var door = new InsideDoor(folder, disk, composition, transport, composition.Servers.Create(transport, options));
        await door.AskAsync("initialize", new JsonObject
        {
            ["protocolVersion"] = "2025-11-25",
            ["capabilities"] = new JsonObject(),
            ["clientInfo"] = new JsonObject { ["name"] = "bench", ["version"] = "1" },
        });
        transport.Tell(new JsonRpcNotification { Method = "notifications/initialized" });
        return door;
    }

    public async Task<JsonObject> CallAsync(string tool, JsonObject arguments) =>
        Answer.Read(tool, await AskAsync("tools/call", new JsonObject { ["name"] = tool, ["arguments"] = arguments }));

    public async ValueTask DisposeAsync()
    {
        await _transport.DisposeAsync();
        await _running;
        await _server.DisposeAsync();
        await _composition.DisposeAsync();
        _folder.Dispose();
        _disk?.Dispose();
    }

    private async Task<JsonNode?> AskAsync(string method, JsonObject parameters)
    {
        var request = new JsonRpcRequest { Id = new RequestId(Interlocked.Increment(ref _requests)), Method = method, Params = parameters };
        return await _transport.AskAsync(request) switch
        {
            JsonRpcResponse response => response.Result,
            JsonRpcError error => throw new InvalidOperationException(error.Error.Message),
            var other => throw new InvalidOperationException($"{method} was answered by {other.GetType().Name}"),
        };
    }
}
