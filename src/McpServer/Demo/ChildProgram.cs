using System.Diagnostics;
using System.Globalization;
using Pipeline.McpServer.Commands;
using Pipeline.McpServer.Stdio;

namespace Pipeline.McpServer.Demo;

/// <summary>
/// This program again as a process of its own, running one verb. Its standard input is its lifeline: should the demo be killed, it ends
/// by itself and in good order.
/// </summary>
internal sealed class ChildProgram : IAsyncDisposable
{
    private const int TailLines = 12;

    private readonly Process _process;
    private readonly Queue<string> _tail = new();
    private readonly TimeSpan _grace;

    private ChildProgram(Process process, string name, string verb, TimeSpan grace)
    {
        (_process, Name, _grace) = (process, name, grace);
        Mark = ProcessMark.Of(process, verb);
    }

    public string Name { get; }

    public ProcessMark Mark { get; }

    public bool HasEnded => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>What it said last.</summary>
    public string Tail
    {
        get
        {
            lock (_tail)
            {
                return string.Join('\n', _tail);
            }
        }
    }

    /// <summary>Starts it.</summary>
    /// <param name="name">What it is called here.</param>
    /// <param name="arguments">The verb and its options.</param>
    /// <param name="settings">Added to the environment.</param>
    /// <param name="lifelineSeconds">How long it outlives the demo.</param>
    /// <param name="grace">How long it may take to end once asked.</param>
    /// <param name="heard">Gets each line that it says.</param>
    public static ChildProgram Start(string name, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> settings, double lifelineSeconds, TimeSpan grace, Action<string> heard)
    {
        List<string> command = [.. Apart(), .. OwnerStart.OwnProgram(), .. arguments];
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in settings.Append(new(StopSignals.Lifeline, lifelineSeconds.ToString(CultureInfo.InvariantCulture))))
        {
            start.Environment[key] = value;
        }

        var process = Process.Start(start) ?? throw new DemoFailedException($"{name} could not be started.");
        var child = new ChildProgram(process, name, arguments[0], grace);
        process.OutputDataReceived += (_, line) => child.Hear(line.Data, heard);
        process.ErrorDataReceived += (_, line) => child.Hear(line.Data, heard);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    public Task WaitAsync(CancellationToken cancellation) => _process.WaitForExitAsync(cancellation);

    /// <summary>Asks it to end and sees that it does.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await ProcessMark.EndAsync(_process, _grace).ConfigureAwait(false);
        }

        _process.Dispose();
    }

    // In a session of its own a Ctrl-C at the terminal is the demo's alone, which then ends its processes in order.
    private static string[] Apart() => OperatingSystem.IsLinux() && File.Exists("/usr/bin/setsid") ? ["/usr/bin/setsid"] : [];

    private void Hear(string? line, Action<string> heard)
    {
        if (line is null)
        {
            return;
        }

        lock (_tail)
        {
            _tail.Enqueue(line);
            if (_tail.Count > TailLines)
            {
                _tail.Dequeue();
            }
        }

        heard(line);
    }
}
