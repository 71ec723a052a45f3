using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Pipeline.Bench.Doors;

namespace Pipeline.Bench.Loads;

/// <summary>
/// Workers that wait for steps which become claimable at a fixed rate, whatever becomes of them: at each beat the step that is held for longest is
/// completed, which frees the next of its chain, and a worker that waits picks that up.
/// </summary>
internal sealed class StepPickUps(IDoor door, FreedSteps freed, int workspaces, int perSecond)
{
    private const int ChainsEach = 40;
    private const int WorkersEach = 48;
    private const double WarmSeconds = 4;
    private const double WaitSeconds = 5;

    private readonly Channel<Held>[] _held = [.. Enumerable.Range(0, workspaces).Select(static _ => Channel.CreateUnbounded<Held>())];
    private readonly List<double> _taken = [];
    private readonly Lock _gate = new();
    private readonly string _name = "pick-up-" + Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal);
    private volatile bool _counts;
    private volatile bool _isOver;

    /// <summary>Beats at which no step was held in their workspace: workers had not kept up.</summary>
    public int Late { get; private set; }

    /// <summary>Workers in all.</summary>
    public int Workers => workspaces * WorkersEach;

    /// <summary>Starts chains that last, and measures for so long after a warm-up.</summary>
    public async Task<LoadResult> RunAsync(double seconds, Func<TimeSpan> cpu, Func<TimeSpan> databaseCpu)
    {
        var length = (int)((WarmSeconds + seconds) * perSecond / workspaces / ChainsEach * 1.5) + 5;
        await Task.WhenAll(Enumerable.Range(0, workspaces).Select(number => PrepareAsync(Name(number), length)));
        var working = Task.WhenAll(Enumerable.Range(0, Workers).Select(number => Task.Run(() => WorkAsync(number))));
        using var beats = new CancellationTokenSource();
        var beating = Task.Factory.StartNew(() => Beat(beats.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.Delay(TimeSpan.FromSeconds(WarmSeconds));
        var (cpuBefore, databaseBefore, started) = (cpu(), databaseCpu(), Stopwatch.GetTimestamp());
        Late = 0;
        _counts = true;
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        _counts = false;
        var (wall, used, databaseUsed) = (Stopwatch.GetElapsedTime(started), cpu() - cpuBefore, databaseCpu() - databaseBefore);
        await beats.CancelAsync();
        await beating;
        _isOver = true;
        foreach (var channel in _held)
        {
            channel.Writer.Complete();
            await foreach (var left in channel.Reader.ReadAllAsync())
            {
                left.Turn.TrySetResult();
            }
        }

        await working;
        _taken.Sort();
        return new(Workers, _taken.Count, wall.TotalSeconds, used.TotalSeconds, At(0.5), At(0.99)) { P95Milliseconds = At(0.95), DatabaseCpuSeconds = databaseUsed.TotalSeconds };
    }

    private async Task PrepareAsync(string workspace, int length)
    {
        await door.CallAsync("create_workspace", new JsonObject { ["workspace"] = workspace });
        var steps = Enumerable.Range(0, length).Select(static at => (JsonNode)(at == 0
            ? new JsonObject { ["id"] = "s0", ["capability"] = "x-bench" }
            : new JsonObject { ["id"] = $"s{at}", ["capability"] = "x-bench", ["needs"] = new JsonArray($"s{at - 1}") }));
        var plan = await door.CallAsync("create_plan", new JsonObject { ["workspace"] = workspace, ["plan"] = new JsonObject { ["steps"] = new JsonArray([.. steps]) } });
        for (var chain = 0; chain < ChainsEach; chain++)
        {
            await door.CallAsync("start_run", new JsonObject { ["plan_id"] = plan["plan_id"]!.GetValue<string>() });
        }
    }

    private async Task WorkAsync(int number)
    {
        var (place, agent) = (number % workspaces, $"agent-{number}");
        while (!_isOver)
        {
            var claimed = await door.CallAsync("claim_step", new JsonObject
            {
                ["workspace"] = Name(place), ["capabilities"] = new JsonArray("x-bench"), ["wait_seconds"] = WaitSeconds, ["agent"] = agent,
            });
            if (claimed["step"] is not JsonObject step)
            {
                continue;
            }

            var (run, id) = (step["run_id"]!.GetValue<string>(), step["step_id"]!.GetValue<string>());
            Note(freed.SinceMs(run, id));
            var held = new Held(new(TaskCreationOptions.RunContinuationsAsynchronously));
            if (!_held[place].Writer.TryWrite(held))
            {
                return;
            }

            await held.Turn.Task;
            if (!_isOver)
            {
                await door.CallAsync("complete_step", new JsonObject { ["run_id"] = run, ["step_id"] = id, ["generation"] = step["generation"]!.GetValue<long>(), ["agent"] = agent });
            }
        }
    }

    private void Note(double? tookMs)
    {
        if (_counts && tookMs is { } took)
        {
            lock (_gate)
            {
                _taken.Add(took);
            }
        }
    }

    private void Beat(CancellationToken over)
    {
        var began = Stopwatch.GetTimestamp();
        for (var beat = 0L; !over.IsCancellationRequested; beat++)
        {
            while (Stopwatch.GetElapsedTime(began).TotalSeconds * perSecond < beat)
            {
                over.WaitHandle.WaitOne(1);
            }

            if (_held[beat % workspaces].Reader.TryRead(out var held))
            {
                held.Turn.SetResult();
            }
            else
            {
                Late++;
            }
        }
    }

    private string Name(int place) => $"{_name}-{place}";

    private double At(double share) => _taken.Count == 0 ? double.NaN : _taken[(int)Math.Min(_taken.Count - 1, _taken.Count * share)];

    private sealed record Held(TaskCompletionSource Turn);
}
