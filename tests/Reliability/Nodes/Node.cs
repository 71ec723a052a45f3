using Pipeline.Reliability.Recording;
using Pipeline.Reliability.Serving;

namespace Pipeline.Reliability.Nodes;

/// <summary>A server that is started again whenever it ends.</summary>
/// <param name="server">It.</param>
/// <param name="recorder">Hears of starts that fail.</param>
/// <param name="network">The network that it lives in; null when it cannot be cut off.</param>
/// <param name="callers">How many connections of callers it has.</param>
internal sealed class Node(ServerProcess server, Recorder recorder, OwnNetwork? network, Func<int> callers) : IDisposable
{
    private const int Killed = 128 + Signals.Kill;

    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan BackLimit = TimeSpan.FromSeconds(90);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private bool _isBuried;

    /// <summary>From each end to the first moment at which it listened again.</summary>
    public List<double> AwayMs { get; } = [];

    /// <summary>Starts that came to nothing, because the database was away for longer than a node waits for it.</summary>
    public int FailedStarts { get; private set; }

    /// <summary>Each time that it was cut off.</summary>
    public List<CutOff> CutOffs { get; } = [];

    /// <summary>Ends that nobody caused, and returns that did not come.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>Starts it again after each end, until <paramref name="over"/>.</summary>
    public async Task KeepAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await server.Ended.WaitAsync(over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!over.IsCancellationRequested)
            {
                await RaiseAsync(over);
            }
        }
    }

    /// <summary>kill -9; nothing when it is down already.</summary>
    /// <returns>Whether it was up.</returns>
    public Task<bool> KillAsync() => WhileUpAsync(async () =>
    {
        await server.KillAsync();
        _isBuried = true;
    });

    /// <summary>SIGSTOP, and SIGCONT after so long.</summary>
    /// <returns>Whether it was up.</returns>
    public Task<bool> PauseAsync(TimeSpan length) => WhileUpAsync(async () =>
    {
        server.Signal(Signals.Stop);
        await Task.Delay(length);
        server.Signal(Signals.Continue);
    });

    /// <summary>For so long nothing passes between it and all others; then it is watched until it says that it should be sent work.</summary>
    /// <returns>Whether it was up, and can be cut off.</returns>
    public Task<bool> CutOffAsync(TimeSpan length) => network is null ? Task.FromResult(false) : WhileUpAsync(async () =>
    {
        var (began, joined) = (RigClock.NowNs, callers());
        await network.CutAsync();
        try
        {
            await Task.Delay(length);
        }
        finally
        {
            await network.JoinAsync();
        }

        var ended = RigClock.NowNs;
        double? back = await server.IsReadyAsync(BackLimit) ? (RigClock.NowNs - ended) / 1e6 : null;
        CutOffs.Add(new(began, ended, joined, back));
        if (back is null && !server.Ended.IsCompleted)
        {
            Failures.Add($"A node that was cut off for {length.TotalSeconds:F1} s takes no work {BackLimit.TotalSeconds} s later.");
        }
    });

    public void Dispose() => _gate.Dispose();

    private async Task<bool> WhileUpAsync(Func<Task> strike)
    {
        if (!await _gate.WaitAsync(0))
        {
            return false; // it is stopped, or on its way up
        }

        try
        {
            if (_isBuried || !server.IsUp)
            {
                return false;
            }

            await strike();
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task RaiseAsync(CancellationToken over)
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            var since = RigClock.NowNs;
            if (!_isBuried)
            {
                await server.DiedAsync(Rest);
                _isBuried = true;
                if (server.ExitCode != Killed)
                {
                    Failures.Add($"A node ended by itself with {server.ExitCode}: {string.Join('\n', server.Complaints.TakeLast(5))}");
                }
            }

            while (!over.IsCancellationRequested && !await TryStartAsync())
            {
                await Task.Delay(Rest, CancellationToken.None);
            }

            AwayMs.Add((RigClock.NowNs - since) / 1e6);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<bool> TryStartAsync()
    {
        try
        {
            await server.StartAsync();
            _isBuried = false;
            return true;
        }
        catch (InvalidOperationException late)
        {
            FailedStarts++;
            recorder.Note("start_failed", new() { ["why"] = late.Message });
            server.Signal(Signals.Kill);
            await server.Ended;
            return false;
        }
    }
}
