using System.CommandLine;
using Pipeline.Bench.Doors;
using Pipeline.Bench.Loads;
using Pipeline.Bench.Reports;
using Pipeline.Bench.Rivals;

namespace Pipeline.Bench.Verbs;

/// <summary>Acquire and release: ours inside the process and over HTTP, beside Redis and etcd on the same disk.</summary>
internal static class LocksBench
{
    private static readonly int[] Crowds = [1, 32];

    public static Command Create()
    {
        var options = new BenchOptions();
        var command = new Command("locks", "acquire_lock + release_lock a second, beside Redis and etcd where they are installed");
        options.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(options.Read(parsed)));
        return command;
    }

    private static async Task RunAsync(BenchSettings settings)
    {
        if (settings.Postgres is { } postgres)
        {
            await RunOnAsync(postgres, settings);
            return;
        }

        using var scratch = new Scratch();
        var report = new Report("locks", "acquire + release") { FsyncsPerSecond = FsyncRate.Measure(scratch.Path, settings.Seconds) };
        await using var inside = await InsideDoor.OpenAsync(scratch.Folder("inside"));
        await using var forgetful = await InsideDoor.OpenAsync(scratch.Folder("forgetful"), flushes: false);
        await using var http = await HttpDoor.OpenAsync(scratch.Folder("http"));
        var contest = new Contest(settings);
        foreach (var (name, door) in new (string, IDoor)[] { ("inside the process", inside), ("inside, flushes left out", forgetful), ("over HTTP", http) })
        {
            var pairs = new LockPairs(door);
            await pairs.PrepareAsync();
            foreach (var callers in Crowds)
            {
                contest.Add(name, () => Load.RunAsync(callers, settings.Seconds, () => door.ServerCpu, pairs.OnceAsync));
            }
        }

        await using var redis = await Redis.TryStartAsync(scratch.Path);
        await using var etcd = await Etcd.TryStartAsync(scratch.Path);
        foreach (var rival in new[] { redis, etcd }.OfType<IRivalLock>())
        {
            foreach (var callers in Crowds)
            {
                contest.Add(rival.Name, () => MeasureAsync(rival, callers, settings.Seconds));
            }
        }

        foreach (var (rival, package) in new[] { (redis, "redis-server"), (etcd, "etcd-server") }.Where(static pair => pair.Item1 is null))
        {
            report.Note($"Not installed, so not compared with: {package} (apt-get install {package}).");
        }

        foreach (var row in await contest.RunAsync())
        {
            report.Add(row);
        }

        report.Print(settings.Json);
    }

    private static async Task RunOnAsync(string postgres, BenchSettings settings)
    {
        using var scratch = new Scratch();
        var report = new Report("locks", "acquire + release, on PostgreSQL") { FsyncsPerSecond = FsyncRate.Measure(scratch.Path, settings.Seconds) };
        await using var door = await InsideDoor.OpenAsync(scratch.Folder("inside"), postgres: postgres);
        var pairs = new LockPairs(door);
        await pairs.PrepareAsync();
        var contest = new Contest(settings);
        foreach (var callers in Crowds)
        {
            contest.Add("one workspace", () => Load.RunAsync(callers, settings.Seconds, () => door.ServerCpu, pairs.OnceAsync, PostgresCpu.Of(postgres)));
        }

        foreach (var row in await contest.RunAsync())
        {
            report.Add(row);
        }

        report.Print(settings.Json);
    }

    private static async Task<LoadResult> MeasureAsync(IRivalLock rival, int callers, double seconds)
    {
        var connections = await Task.WhenAll(Enumerable.Range(0, callers).Select(rival.ConnectAsync));
        try
        {
            return await Load.RunAsync(callers, seconds, static () => TimeSpan.Zero, async caller =>
            {
                await connections[caller].PairAsync();
                return true;
            });
        }
        finally
        {
            foreach (var connection in connections)
            {
                await connection.DisposeAsync();
            }
        }
    }
}
