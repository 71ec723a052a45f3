using System.IO.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Pipeline.McpServer.Auth;
using Pipeline.McpServer.Connections;
using Pipeline.McpServer.Serving;
using Pipeline.Storage;
using Role = Pipeline.Tools.Calls.Role;

namespace Pipeline.McpServer.Tests.Serving;

/// <summary>The real tools, resources and prompts on a temporary data folder, with clients of either era over in-memory pipes.</summary>
internal sealed class Studio : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _open = [];
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("pipeline-studio-");
    private readonly DataFolder _folder;
    private readonly ServiceProvider _services;

    private Studio()
    {
        _folder = DataFolder.TryOwn(_root.FullName)!;
        _services = new ServiceCollection().AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance).AddPipeline(_folder).BuildServiceProvider();
    }

    public static async Task<Studio> OpenAsync()
    {
        var studio = new Studio();
        await studio._services.MigrateAsync(CancellationToken.None);
        return studio;
    }

    /// <summary>A client that sees <paramref name="workspaces"/> (null: all) and speaks <paramref name="version"/> of the protocol.</summary>
    public async Task<McpClient> ConnectAsync(string? version = null, Uri? baseUrl = null, params string[]? workspaces)
    {
        var connection = new Connection
        {
            Caller = new Identity { Principal = "tester", Role = Role.Admin, Workspaces = workspaces is { Length: > 0 } ? workspaces : null },
            BaseUrl = baseUrl,
        };
        var options = _services.GetRequiredService<ServerOptionsFactory>().Make(connection);
        Pipe up = new(), down = new();
        var server = ModelContextProtocol.Server.McpServer.Create(new StreamServerTransport(up.Reader.AsStream(), down.Writer.AsStream()), options, NullLoggerFactory.Instance, _services);
        _open.Add(server);
        _ = server.RunAsync();
        var client = await McpClient.CreateAsync(new StreamClientTransport(up.Writer.AsStream(), down.Reader.AsStream()), new() { ProtocolVersion = version });
        _open.Add(client);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in Enumerable.Reverse(_open))
        {
            await one.DisposeAsync();
        }

        await _services.DisposeAsync();
        _folder.Dispose();
        _root.Delete(recursive: true);
    }
}
