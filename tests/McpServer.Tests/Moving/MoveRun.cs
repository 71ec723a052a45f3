using System.Collections.Concurrent;
using System.Diagnostics;

namespace Pipeline.McpServer.Tests.Moving;

/// <summary>The real program with settings of a test's own, watched line by line, to be killed where a test wants.</summary>
internal sealed class MoveRun : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _errors = [];
    private readonly Task<string> _output;
    private readonly Task _reading;
    private readonly string? _killAt;

    private MoveRun(Process process, string? killAt)
    {
        (_process, _killAt, _output) = (process, killAt, process.StandardOutput.ReadToEndAsync());
        _reading = ReadAsync();
    }

    public string Errors => string.Join('\n', _errors);

    /// <summary>Starts it; at the first line on standard error that begins with <paramref name="killAt"/> it is killed.</summary>
    public static MoveRun Start(IReadOnlyDictionary<string, string> settings, string? killAt, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "pipeline-server"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start)!, killAt);
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int Exit, string Output, string Errors)> OfAsync(IReadOnlyDictionary<string, string> settings, string? killAt, params string[] arguments)
    {
        await using var run = Start(settings, killAt, arguments);
        return await run.EndAsync();
    }

    public async Task<(int Exit, string Output, string Errors)> EndAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await _process.WaitForExitAsync(patience.Token);
        await _reading;
        return (_process.ExitCode, await _output, Errors);
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            _errors.Enqueue(line);
            if (_killAt is not null && line.StartsWith(_killAt, StringComparison.Ordinal))
            {
                _process.Kill();
            }
        }
    }
}
