using System.Diagnostics;

namespace Pipeline.McpServer.Tests.Commands;

/// <summary>A real <c>serve</c> on a free loopback port, to be killed by a test.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, string url) => (_process, Url) = (process, url);

    public string Url { get; }

    public static async Task<ServerProcess> StartAsync(string data, string egressHosts, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "pipeline-server"), ["serve", "--data", data, "--url", "http://127.0.0.1:0"])
        {
            RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true,
        };
        start.Environment["PIPELINE_EGRESS_HOSTS"] = egressHosts;
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        const string Ready = "listening on ";
        while (await process.StandardError.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith(Ready, StringComparison.Ordinal))
            {
                _ = process.StandardError.ReadToEndAsync(CancellationToken.None); // its pipe must not fill up
                return new(process, line[Ready.Length..].Trim());
            }
        }

        throw new InvalidOperationException("The server ended before it listened.");
    }

    /// <summary>As the operating system does it: no chance to tidy up.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }
}
