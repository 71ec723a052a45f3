using System.Diagnostics;
using System.Text.Json.Nodes;
using Pipeline.Reliability.Recording;
using Pipeline.Reliability.Serving;

namespace Pipeline.Reliability.Clients;

/// <summary>A client process as the rig sees it.</summary>
public sealed class ClientProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Recorder _recorder;
    private readonly Task _reading;
    private readonly System.Text.StringBuilder _complaint = new();
    private volatile bool _isForgotten;

    private ClientProcess(string name, Process process, Recorder recorder)
    {
        (Name, _process, _recorder) = (name, process, recorder);
        _reading = Task.WhenAll(RecordAsync(), HearAsync());
    }

    public string Name { get; }

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>When it was killed, on the rig's clock; null while it was not.</summary>
    public long? KilledAtNs { get; private set; }

    /// <summary>What it wrote to standard error.</summary>
    public string Complaint
    {
        get
        {
            lock (_complaint)
            {
                return _complaint.ToString();
            }
        }
    }

    /// <summary>Starts one.</summary>
    /// <param name="recorder">Gets every line that it writes.</param>
    /// <param name="script">What it does.</param>
    /// <param name="name">Unique in the rig.</param>
    /// <param name="index">From 0 among those of its script.</param>
    /// <param name="seed">The rig's.</param>
    /// <param name="server">Where the server is.</param>
    /// <param name="settings">What the script should know.</param>
    public static ClientProcess Start(Recorder recorder, string script, string name, int index, int seed, Uri server, JsonObject settings)
    {
        static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        string[] words = [ClientProgram.Verb, script, name, Text(index), Text(SeedOf(seed, name)), server.ToString(), settings.ToJsonString()];
        return new(name, BuiltPrograms.Start(BuiltPrograms.Rig, words, new Dictionary<string, string>()), recorder);
    }

    /// <summary>A seed of its own for each name, the same on every machine.</summary>
    public static int SeedOf(int seed, string name) => name.Aggregate(seed ^ 0x2545F491, (mixed, letter) => unchecked((mixed * 31) + letter)) & int.MaxValue;

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        KilledAtNs = RigClock.NowNs;
        _process.Kill();
    }

    /// <summary>SIGSTOP or SIGCONT.</summary>
    public void Signal(int signal)
    {
        // A pause ends when it ends, also for those who were killed in it and are forgotten.
        if (!_isForgotten && !_process.HasExited)
        {
            Signals.Send(_process.Id, signal);
        }
    }

    /// <summary>SIGCONT, also for one that is gone by now.</summary>
    public void Continue()
    {
        if (KilledAtNs is null)
        {
            Signal(Signals.Continue);
        }
    }

    /// <summary>Asks it to end, and waits for that.</summary>
    public async Task StopAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            Signal(Signals.Continue);
        }

        await EndAsync(TimeSpan.FromSeconds(20));
    }

    /// <summary>Waits until its script is done.</summary>
    /// <exception cref="InvalidOperationException">It failed, rather than ending or being killed.</exception>
    public async Task EndAsync(TimeSpan atMost)
    {
        using var limit = new CancellationTokenSource(atMost);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        await _reading;
        _recorder.Bury(Name);
        if (_process.ExitCode != 0 && KilledAtNs is null)
        {
            throw new InvalidOperationException($"The client {Name} failed: {Complaint}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        await _process.WaitForExitAsync();
        await _reading;
        _recorder.Bury(Name);
        _isForgotten = true;
        _process.Dispose();
    }

    private async Task RecordAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _recorder.Add(line);
        }
    }

    private async Task HearAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_complaint)
            {
                _complaint.AppendLine(line);
            }
        }
    }
}
