using System.Globalization;
using System.Runtime.InteropServices;

namespace Pipeline.McpServer.Commands;

/// <summary>
/// Ctrl-C, SIGTERM and a closed terminal ask for an orderly end; the second time the system's own way takes over. A process that was
/// started with a lifeline also ends when its standard input closes, which is how it hears that whoever started it is gone.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    /// <summary>The environment variable that makes standard input a lifeline: it holds the seconds between its end and this process's.</summary>
    public const string Lifeline = "PIPELINE_LIFELINE";

    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals()
    {
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Ask))];
        if (double.TryParse(Environment.GetEnvironmentVariable(Lifeline), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
        {
            new Thread(() => HoldOn(TimeSpan.FromSeconds(seconds))) { IsBackground = true, Name = "lifeline" }.Start();
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
    private void HoldOn(TimeSpan rest)
    {
        while (Console.In.ReadLine() is not null)
        {
        }

        try
        {
            _stop.CancelAfter(rest);
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
