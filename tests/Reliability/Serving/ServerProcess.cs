using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Pipeline.Faults;
using Pipeline.Reliability.Recording;

namespace Pipeline.Reliability.Serving;

/// <summary>The server under test: a real process on a loopback port of its own, here or in a network of its own, started again on the same port and data after every kill.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly string _program;
    private readonly IReadOnlyList<string>? _into;
    private readonly Recorder _recorder;
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _orders = new();
    private readonly SemaphoreSlim _gate = new(1, 1);
    private Process? _process;
    private TaskCompletionSource _ready = new();
    private Task _reading = Task.CompletedTask;

    /// <summary>Names a server; <see cref="StartAsync"/> starts it.</summary>
    /// <param name="data">Its data folder.</param>
    /// <param name="recorder">Hears of starts and kills.</param>
    /// <param name="leaveOut">Guards to leave out, by commas; null for the guarded server.</param>
    /// <param name="network">The network that it lives in; null for this machine's.</param>
    public ServerProcess(string data, Recorder recorder, string? leaveOut = null, OwnNetwork? network = null)
    {
        (Data, _recorder, _into) = (Path.GetFullPath(data), recorder, network?.Into);
        _program = leaveOut is null ? BuiltPrograms.Faulty : BuiltPrograms.Unguarded;
        Environment["PIPELINE_RIG_LEAVE_OUT"] = leaveOut ?? "";
        Url = new($"http://{network?.Address ?? IPAddress.Loopback}:{FreePort.Next()}");
    }

    public string Data { get; }

    public Uri Url { get; }

    /// <summary>Added to the environment of the next start.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>Counted kills: a call was under way, and afterwards the port refused and the data folder's lock was free.</summary>
    public int Kills { get; private set; }

    /// <summary>Kills that do not count.</summary>
    public int IdleKills { get; private set; }

    /// <summary>What cut calls would have been answered, by token.</summary>
    public ConcurrentDictionary<string, string> CutAnswers { get; } = [];

    /// <summary>The last lines that it wrote to standard error.</summary>
    public ConcurrentQueue<string> Complaints { get; } = [];

    /// <summary>Whether its process lives.</summary>
    public bool IsUp => _process is { HasExited: false };

    /// <summary>With what the process that was buried last had ended.</summary>
    public int ExitCode { get; private set; }

    /// <summary>Done when the process that was started last is gone.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Starts it and waits until it listens.</summary>
    public async Task StartAsync()
    {
        _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = BuiltPrograms.Start(_program, ["serve", "--data", Data, "--url", Url.ToString(), "--allow-host", Balancer.Host], Environment, _into);
        _reading = Task.WhenAll(ReadAsync(_process.StandardOutput, Hear), ReadAsync(_process.StandardError, Notice));
        Ended = _process.WaitForExitAsync();
        if (await Task.WhenAny(_ready.Task, Ended, Task.Delay(StartLimit)) != _ready.Task)
        {
            throw new InvalidOperationException($"The server did not start: {string.Join('\n', Complaints)}");
        }

        _recorder.Note("server_ready");
    }

    /// <summary>SIGKILL, then looks whether the kill counts. Start it again with <see cref="StartAsync"/>.</summary>
    /// <returns>Whether it counted.</returns>
    public async Task<bool> KillAsync()
    {
        // Between two calls of every client there is a moment when a kill would prove nothing.
        for (var look = 0; look < 100 && _recorder.InFlight == 0; look++)
        {
            await Task.Delay(2);
        }

        var inFlight = _recorder.InFlight;
        _recorder.Note("server_killed", new() { ["in_flight"] = inFlight });
        _process!.Kill();
        return await BuryAsync(inFlight > 0);
    }

    /// <summary>Waits for the process to end by itself (it was told to die between a commit and its answer), and counts that as a kill.</summary>
    public async Task<bool> DiedAsync(TimeSpan atMost)
    {
        using var limit = new CancellationTokenSource(atMost);
        await _process!.WaitForExitAsync(limit.Token);
        _recorder.Note("server_died");
        return await BuryAsync(wasCalled: true);
    }

    /// <summary>Asks until it says that it should be sent work.</summary>
    /// <returns>Whether it did in time, before it ended.</returns>
    public async Task<bool> IsReadyAsync(TimeSpan atMost)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(3) };
        for (var until = RigClock.NowNs + (long)atMost.TotalNanoseconds; RigClock.NowNs < until && !Ended.IsCompleted; await Task.Delay(50))
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(Url, "/readyz"));
                if (answer.IsSuccessStatusCode)
                {
                    return true;
                }
            }
            catch (Exception silent) when (silent is HttpRequestException or OperationCanceledException)
            {
                // It is asked again.
            }
        }

        return false;
    }

    /// <summary>SIGSTOP or SIGCONT.</summary>
    public void Signal(int signal) => Signals.Send(_process!.Id, signal);

    /// <summary>Gives the host an order (its control line says which there are) and waits until it is obeyed.</summary>
    public async Task OrderAsync(string order)
    {
        await _gate.WaitAsync();
        try
        {
            var done = _orders[order] = new(TaskCreationOptions.RunContinuationsAsynchronously);
            await _process!.StandardInput.WriteLineAsync(order);
            await _process.StandardInput.FlushAsync();
            await done.Task.WaitAsync(TimeSpan.FromSeconds(60));
            _recorder.Note("order", new() { ["order"] = order });
        }
        catch (Exception gone) when (gone is IOException or TimeoutException)
        {
            _recorder.Note("order_lost", new() { ["order"] = order });
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The answer that a cut call would have got; null when the call did not get that far.</summary>
    public JsonObject? CutAnswer(string token)
    {
        if (!CutAnswers.TryGetValue(token, out var text) || text.IndexOf("data: {", StringComparison.Ordinal) is var at && at < 0)
        {
            return null;
        }

        var end = text.IndexOf("\\n\\n", at, StringComparison.Ordinal);
        return JsonNode.Parse(end < 0 ? text[(at + 6)..] : text[(at + 6)..end])?["result"] as JsonObject;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } living && !Ended.IsCompleted)
        {
            living.Kill();
            await living.WaitForExitAsync();
        }

        await _reading;
        _process?.Dispose();
        _gate.Dispose();
    }

    private async Task<bool> BuryAsync(bool wasCalled)
    {
        await _process!.WaitForExitAsync();
        await _reading;
        ExitCode = _process.ExitCode;
        _process.Dispose();
        var counts = wasCalled && await RefusesAsync() && LockIsFree();
        (Kills, IdleKills) = counts ? (Kills + 1, IdleKills) : (Kills, IdleKills + 1);
        return counts;
    }

    private async Task<bool> RefusesAsync()
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(IPAddress.Parse(Url.Host), Url.Port);
            return false;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }

    private bool LockIsFree()
    {
        try
        {
            using var taken = new FileStream(Path.Combine(Data, "owner.lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task ReadAsync(StreamReader from, Action<string> hear)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            hear(line);
        }
    }

    private void Hear(string line)
    {
        if (line.StartsWith("did ", StringComparison.Ordinal) && _orders.TryRemove(line[4..], out var order))
        {
            order.TrySetResult();
        }
        else if (line.StartsWith("cut ", StringComparison.Ordinal) && line.Split(' ', 3) is [_, var token, var answer])
        {
            CutAnswers[token] = answer;
        }
    }

    private void Notice(string line)
    {
        if (line.StartsWith("listening on ", StringComparison.Ordinal))
        {
            _ready.TrySetResult();
            return;
        }

        Complaints.Enqueue(line);
        lock (_orders)
        {
            File.AppendAllText(Path.Combine(Path.GetDirectoryName(Data)!, "server.log"), line + "\n");
        }

        if (Complaints.Count > 200)
        {
            Complaints.TryDequeue(out _);
        }
    }
}
