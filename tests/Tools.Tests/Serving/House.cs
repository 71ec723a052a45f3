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
using Pipeline.Storage.Objects;
using Pipeline.Storage.State;
using Role = Pipeline.Tools.Calls.Role;

namespace Pipeline.Tools.Tests.Serving;

/// <summary>The whole house on a temporary data folder, with real clients over in-memory pipes.</summary>
public sealed class House : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _open = [];
    private readonly DirectoryInfo _root;
    private readonly bool _keep;
    private readonly DataFolder _folder;
    private readonly ServiceProvider _services;
    private readonly ObjectBackEnd _objects;
    private readonly IDisposable? _backEnd;

    private House(Action<IServiceCollection>? more, string? folder, ObjectBackEnd objects, bool? onServices)
    {
        _objects = objects;
        _root = folder is null ? Directory.CreateTempSubdirectory("pipeline-house-") : new(folder);
        _keep = folder is not null;
        _folder = DataFolder.TryOwn(Path.Combine(_root.FullName, "data"))!;
        Directory.CreateDirectory(Folder);
        var services = new ServiceCollection()
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddPipeline(_folder);
        objects.AddTo(services, _folder);
        _backEnd = BackEnd.Add(services, _root.FullName, _keep, onServices ?? BackEnd.IsServices && !BackEnd.IsAboutFiles);
        more?.Invoke(services);
        _services = services.BuildServiceProvider();
    }

    public IDatabase Database => _services.GetRequiredService<IDatabase>();

    public IObjectStore Objects => _services.GetRequiredService<IObjectStore>();

    public IEnumerable<T> GetAll<T>() where T : notnull => _services.GetServices<T>();

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    /// <summary>A folder for a test's own files, gone with the house.</summary>
    public string Folder => Path.Combine(_root.FullName, "files");

    /// <summary>Opens a house. A <paramref name="folder"/> that a test names stays when the house closes, to be opened again.</summary>
    /// <param name="more">Services of the test's own.</param>
    /// <param name="folder">Where; a fresh one if left out.</param>
    /// <param name="onServices">Which back end; that of the whole run if left out.</param>
    public static async Task<House> OpenAsync(Action<IServiceCollection>? more = null, string? folder = null, bool? onServices = null)
    {
        var house = new House(more, folder, await ObjectBackEnd.OpenAsync(folder, onServices), onServices);
        await house._services.MigrateAsync(CancellationToken.None);
        return house;
    }

    /// <summary>A connected client that acts as <paramref name="principal"/>.</summary>
    public async Task<McpClient> ConnectAsync(
        string principal = "tester", Role role = Role.Admin, IReadOnlyCollection<string>? workspaces = null, bool readOnly = false, bool egress = true,
        Uri? baseUrl = null)
    {
        var connection = new Connection
        {
            Caller = new Identity { Principal = principal, Role = role, Workspaces = workspaces?.ToList(), Egress = egress },
            Limits = new ConnectionLimits { ReadOnly = readOnly, ImportRoots = [Folder], ExportRoots = [Folder] },
            BaseUrl = baseUrl,
        };
        Pipe up = new(), down = new();
        var server = ModelContextProtocol.Server.McpServer.Create(
            new StreamServerTransport(up.Reader.AsStream(), down.Writer.AsStream()), Get<ServerOptionsFactory>().Make(connection), NullLoggerFactory.Instance, _services);
        _open.Add(server);
        _ = server.RunAsync();
        var client = await McpClient.CreateAsync(new StreamClientTransport(up.Writer.AsStream(), down.Reader.AsStream()));
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
        await _objects.DisposeAsync();
        _backEnd?.Dispose();
        _folder.Dispose();
        if (!_keep)
        {
            _root.Delete(recursive: true);
        }
    }
}
