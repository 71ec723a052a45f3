using System.CommandLine;
using System.Text.Json.Nodes;
using Pipeline.Reliability;

namespace Pipeline.Bench.Verbs;

/// <summary>The long form of the reliability rig: real processes under a seeded nemesis, with a history, a verdict and a timeline of each run.</summary>
internal static class ChaosBench
{
    public static Command Create()
    {
        var seeds = new Option<int>("--seeds") { Description = "How many seeds each workload runs with", DefaultValueFactory = static _ => 1 };
        var first = new Option<int>("--seed") { Description = "The first of them", DefaultValueFactory = static _ => 1 };
        var minutes = new Option<double>("--minutes") { Description = "No further run begins after so long; 0 for no limit" };
        var count = new Option<int?>("--count") { Description = "How much each run does; each workload's own long count if left out" };
        var leaveOut = new Option<string?>("--leave-out") { Description = "Guards that the server is built without, to see the checker go red" };
        var folder = new Option<string>("--out") { Description = "Where history, verdict and timeline of each run go", DefaultValueFactory = static _ => "chaos" };
        var json = new Option<bool>("--json") { Description = "The verdicts as one JSON document on stdout" };
        var workloads = new Argument<string[]>("workload") { Description = $"Of {string.Join(", ", Workloads.All.Select(static entry => entry.Workload.Name))}; all if left out", Arity = ArgumentArity.ZeroOrMore };
        workloads.AcceptOnlyFromAmong([.. Workloads.All.Select(static entry => entry.Workload.Name)]);
        var command = new Command("chaos", "The reliability rig: kills, pauses, jumping clocks, lost answers and failing disks against real processes")
        {
            workloads, seeds, first, minutes, count, leaveOut, folder, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var wantsJson = parsed.GetValue(json);
            var verdicts = await Chaos.RunAsync(
                new()
                {
                    Seeds = parsed.GetValue(seeds), FirstSeed = parsed.GetValue(first), Minutes = parsed.GetValue(minutes), Count = parsed.GetValue(count),
                    LeaveOut = parsed.GetValue(leaveOut), Out = parsed.GetValue(folder)!, Only = parsed.GetValue(workloads) ?? [],
                },
                wantsJson ? Console.Error : Console.Out, cancellation);
            if (wantsJson)
            {
                Console.WriteLine(new JsonArray([.. verdicts.Select(static verdict => verdict.ToJson())]));
            }

            return verdicts.All(static verdict => verdict.Holds) ? 0 : 1;
        });
        return command;
    }
}
