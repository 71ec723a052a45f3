using System.CommandLine;
using Pipeline.Bench.Doors;
using Pipeline.Bench.Loads;
using Pipeline.Bench.Reports;

namespace Pipeline.Bench.Verbs;

/// <summary>Fenced claim and completion of steps, inside the process and over HTTP.</summary>
internal static class RunsBench
{
    private const int MostPerSecond = 800;
    private const int PickUpWorkspaces = 8;
    private const string PickUps = "pick-up at a fixed rate";
    private static readonly int[] Crowds = [1, 32];
    private static readonly int[] Spreads = [1, 8];

    public static Command Create()
    {
        var options = new BenchOptions();
        var command = new Command("runs", "claim_step + complete_step a second");
        var rate = new Option<int>("--rate") { Description = "Steps that become claimable a second where pick-up is measured, on PostgreSQL", DefaultValueFactory = static _ => 300 };
        options.AddTo(command);
        command.Add(rate);
        command.SetAction((parsed, _) => RunAsync(options.Read(parsed), parsed.GetValue(rate)));
        return command;
    }

    private static async Task RunAsync(BenchSettings settings, int rate)
    {
        if (settings.Postgres is { } postgres)
        {
            await RunOnAsync(postgres, settings, rate);
            return;
        }

        using var scratch = new Scratch();
        var report = new Report("runs", "claim + complete") { FsyncsPerSecond = FsyncRate.Measure(scratch.Path, settings.Seconds) };
        await using var inside = await InsideDoor.OpenAsync(scratch.Folder("inside"));
        await using var forgetful = await InsideDoor.OpenAsync(scratch.Folder("forgetful"), flushes: false);
        await using var http = await HttpDoor.OpenAsync(scratch.Folder("http"));
        var contest = new Contest(settings);
        foreach (var (name, door) in new (string, IDoor)[] { ("inside the process", inside), ("inside, flushes left out", forgetful), ("over HTTP", http) })
        {
            var claims = new StepClaims(door);
            foreach (var callers in Crowds)
            {
                contest.Add(name, async () =>
                {
                    await claims.PrepareAsync((int)(MostPerSecond * settings.Seconds * 1.25));
                    await Console.Error.WriteLineAsync("prepared");
                    return await Load.RunAsync(callers, settings.Seconds, () => door.ServerCpu, claims.OnceAsync);
                });
            }
        }

        foreach (var row in await contest.RunAsync())
        {
            report.Add(row);
        }

        report.Print(settings.Json);
    }

    private static async Task RunOnAsync(string postgres, BenchSettings settings, int rate)
    {
        using var scratch = new Scratch();
        var report = new Report("runs", "claim + complete, on PostgreSQL") { FsyncsPerSecond = FsyncRate.Measure(scratch.Path, settings.Seconds) };
        await using var door = await InsideDoor.OpenAsync(scratch.Folder("inside"), postgres: postgres);
        var contest = new Contest(settings);
        foreach (var workspaces in Spreads)
        {
            var claims = new StepClaims(door, workspaces);
            foreach (var callers in Crowds)
            {
                contest.Add($"{workspaces} workspace{(workspaces == 1 ? "" : "s")}", async () =>
                {
                    await claims.PrepareAsync((int)(MostPerSecond * settings.Seconds * 1.25));
                    return await Load.RunAsync(callers, settings.Seconds, () => door.ServerCpu, claims.OnceAsync, PostgresCpu.Of(postgres));
                });
            }
        }

        foreach (var row in await contest.RunAsync())
        {
            report.Add(row);
        }

        if (PickUps.Contains(settings.Only, StringComparison.OrdinalIgnoreCase))
        {
            await PickUpAsync(postgres, settings, rate, scratch, report);
        }

        report.Print(settings.Json);
    }

    // Each round by itself: the rate is given, and what differs is the machine.
    private static async Task PickUpAsync(string postgres, BenchSettings settings, int rate, Scratch scratch, Report report)
    {
        FreedSteps? freed = null;
        await using var door = await InsideDoor.OpenAsync(scratch.Folder("pick-up"), postgres: postgres, around: database => freed = new(database));
        for (var round = 1; round <= settings.Rounds; round++)
        {
            var steps = new StepPickUps(door, freed!, PickUpWorkspaces, rate);
            report.Add(new($"{PickUps}, round {round}", await steps.RunAsync(settings.Seconds, () => door.ServerCpu, PostgresCpu.Of(postgres))));
            report.Note($"Round {round}: {rate} steps a second freed in {PickUpWorkspaces} workspaces, {steps.Late} beats found none to complete; load average {(await File.ReadAllTextAsync("/proc/loadavg")).Trim()}.");
        }

        report.Note("Pick-up: from just before the commit that made a step claimable to the answer of the claim that waited for it.");
    }
}
