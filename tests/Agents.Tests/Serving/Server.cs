using System.Diagnostics;
using Pipeline.Agents.Connecting;
using Pipeline.Faults;

namespace Pipeline.Agents.Tests.Serving;

/// <summary>A real server in a process of its own. It can be killed and started again on the same folder and port.</summary>
public sealed class Server : IAsyncLifetime
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("pipeline-agents-");
    private Uri _url = new($"http://127.0.0.1:{FreePort.Next()}");
    private Process? _process;

    /// <summary>A folder for a test's own files, from which it may import and to which it may export.</summary>
    public string Files => _root.CreateSubdirectory("files").FullName;

    public ServerAddress Address => ServerAddress.Http(_url);

    /// <summary>As a class fixture: one server for all tests of a class.</summary>
    public async ValueTask InitializeAsync() => await StartAsync();

    /// <summary>The operator's settings, as environment variables of the server.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    public static async Task<Server> OpenAsync(Action<Server>? prepare = null)
    {
        var server = new Server();
        prepare?.Invoke(server);
        await server.StartAsync();
        return server;
    }

    public Connection Connect(string agent, double outageSeconds = 60) =>
        new(Address, agent, TimeProvider.System, new Patience(TimeSpan.FromSeconds(outageSeconds), Intent.Chance));

    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "pipeline-server.dll"), "serve", "--data", Path.Combine(_root.FullName, "data")])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["PIPELINE_IMPORT_ROOTS"] = start.Environment["PIPELINE_EXPORT_ROOTS"] = Files;
        foreach (var (name, value) in Settings) start.Environment[name] = value;
        start.Environment["PIPELINE_URL"] = _url.GetLeftPart(UriPartial.Authority);
        _process = Process.Start(start)!;
        var said = new List<string>();
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            said.Add(line);
            if (line.Split("listening on ") is not [_, var url]) continue;
            _url = new Uri(url);
            _ = _process.StandardError.ReadToEndAsync();
            return;
        }

        throw new InvalidOperationException("The server did not start: " + string.Join('\n', said));
    }

    /// <summary>Kills it in the middle of whatever it does.</summary>
    public async Task KillAsync()
    {
        if (_process is null) return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _root.Delete(recursive: true);
    }
}
