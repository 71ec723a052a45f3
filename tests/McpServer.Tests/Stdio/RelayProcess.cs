using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Pipeline.McpServer.Tests.Stdio;

/// <summary>A real <c>stdio</c> process and raw lines to and from it.</summary>
internal sealed class RelayProcess : IAsyncDisposable
{
    public static readonly string Program = Path.Combine(AppContext.BaseDirectory, "pipeline-test-host");

    private readonly Process _process;
    private int _ids;

    private RelayProcess(Process process) => _process = process;

    public Process Process => _process;

    public static RelayProcess Start(string data, params string[] options)
    {
        var start = new ProcessStartInfo(Program) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])["stdio", "--data", data, .. options])
        {
            start.ArgumentList.Add(argument);
        }

        return new RelayProcess(Process.Start(start)!);
    }

    public async Task InitializeAsync()
    {
        var answer = await AskAsync("initialize", JsonNode.Parse(
            """{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}""")!.AsObject());
        Assert.Equal("2025-11-25", (string)answer["result"]!["protocolVersion"]!);
        await SendAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
    }

    public async Task<JsonNode> AskAsync(string method, JsonObject? parameters = null)
    {
        await RequestAsync(method, parameters);
        return await NextAsync();
    }

    public Task<JsonNode> CallAsync(string tool, JsonObject? arguments = null) =>
        AskAsync("tools/call", new JsonObject { ["name"] = tool, ["arguments"] = arguments ?? [] });

    public Task RequestAsync(string method, JsonObject? parameters = null) => SendAsync(
        new JsonObject { ["jsonrpc"] = "2.0", ["id"] = ++_ids, ["method"] = method, ["params"] = parameters ?? [] }.ToJsonString());

    public async Task SendAsync(string line)
    {
        await _process.StandardInput.WriteAsync(line + "\n");
        await _process.StandardInput.FlushAsync();
    }

    public async Task<JsonNode> NextAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return JsonNode.Parse(await _process.StandardOutput.ReadLineAsync(patience.Token) ?? throw new EndOfStreamException())!;
    }

    /// <summary>The process that serves this relay's calls.</summary>
    public async Task<int> OwnerAsync() =>
        int.Parse((string)(await CallAsync("process"))["result"]!["content"]![0]!["text"]!, CultureInfo.InvariantCulture);

    /// <summary>Closes the client's side; the exit code.</summary>
    public async Task<int> LeaveAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
