using System.Runtime.InteropServices;

namespace Pipeline.McpServer.Commands;

/// <summary>
/// Ctrl-C, SIGTERM and a closed terminal ask for an orderly end; the second time the system's own way takes over. A process that was
/// started with a lifeline also ends when its standard input closes, which is how it hears that whoever started it is gone.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    /// <summary>The environment variable that says standard input is a lifeline: it is set, to anything.</summary>
    public const string Lifeline = "PIPELINE_LIFELINE";

    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals()
    {
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Ask))];
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Lifeline)))
        {
            new Thread(HoldOn) { IsBackground = true, Name = "lifeline" }.Start();
        }
    }

    /// <summary>Cancelled at the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
    }

    // Reading standard input cannot be cancelled, so it has a thread of its own, which ends with the process.
    private void HoldOn()
    {
        while (Console.In.ReadLine() is not null)
        {
        }

        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The process is ending already.
        }
    }

    private void Ask(PosixSignalContext context)
    {
        context.Cancel = !_stop.IsCancellationRequested;
        _stop.Cancel();
    }
}
