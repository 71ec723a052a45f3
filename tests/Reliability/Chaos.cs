using System.Globalization;
using Pipeline.Reliability.Recording;
using Pipeline.Reliability.Reporting;

namespace Pipeline.Reliability;

/// <summary>The long run: every workload, with every seed, one after another.</summary>
public static class Chaos
{
    /// <summary>Runs, writes history.jsonl, verdict.json and timeline.html into a folder for each run, and tells as it goes.</summary>
    /// <returns>Every verdict.</returns>
    public static async Task<IReadOnlyList<Verdict>> RunAsync(ChaosOptions options, TextWriter tell, CancellationToken cancellation)
    {
        var verdicts = new List<Verdict>();
        var began = RigClock.NowNs;
        await tell.WriteLineAsync("| workload | seed | count | seconds | verdict | figures |\n| --- | --- | --- | --- | --- | --- |");
        foreach (var (workload, longCount) in Workloads.All.Where(entry => options.Only.Count == 0 || options.Only.Contains(entry.Workload.Name)))
        {
            for (var seed = options.FirstSeed; seed < options.FirstSeed + options.Seeds; seed++)
            {
                if (options.Minutes > 0 && Seconds(began) > options.Minutes * 60)
                {
                    return verdicts;
                }

                var count = options.Counts.TryGetValue(workload.Name, out var own) ? own : options.Count ?? longCount;
                var folder = Path.Combine(options.Out, string.Create(CultureInfo.InvariantCulture, $"{workload.Name}-{seed}"));
                var started = RigClock.NowNs;
                TimeSpan? left = options.Minutes > 0 ? TimeSpan.FromSeconds((options.Minutes * 60) - Seconds(began)) : null;
                var verdict = await workload.RunAsync(new(folder, seed, count, options.LeaveOut, left), cancellation);
                verdicts.Add(verdict);
                await tell.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"| {workload.Name} | {seed} | {count} | {Seconds(started):F0} | {(verdict.Holds ? "holds" : "VIOLATED")} | {verdict.Figures.ToJsonString()} |"));
                foreach (var violation in verdict.Violations.Take(20))
                {
                    await tell.WriteLineAsync("  " + violation);
                }
            }
        }

        return verdicts;
    }

    /// <summary>The rig's own command line: <c>[--seeds N] [--seed FIRST] [--minutes M] [--count N] [--cycles N] [--leave-out GUARDS] [--out DIR] [WORKLOAD ...]</c>.</summary>
    public static async Task<int> MainAsync(string[] words)
    {
        var options = new ChaosOptions { Out = "chaos" };
        for (var at = 0; at < words.Length; at++)
        {
            options = words[at] switch
            {
                "--seeds" => options with { Seeds = Whole(words[++at]) },
                "--seed" => options with { FirstSeed = Whole(words[++at]) },
                "--minutes" => options with { Minutes = double.Parse(words[++at], CultureInfo.InvariantCulture) },
                "--count" or "--cycles" => options with { Count = Whole(words[++at]) },
                "--leave-out" => options with { LeaveOut = words[++at] },
                "--out" => options with { Out = words[++at] },
                var name => options with { Only = [.. options.Only, Workloads.Find(name).Name] },
            };
        }

        var verdicts = await RunAsync(options, Console.Out, CancellationToken.None);
        return verdicts.All(verdict => verdict.Holds) ? 0 : 1;
    }

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static double Seconds(long sinceNs) => (RigClock.NowNs - sinceNs) / 1e9;
}
