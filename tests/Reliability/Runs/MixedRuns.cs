using System.Text.Json.Nodes;
using Pipeline.Reliability.Recording;

namespace Pipeline.Reliability.Runs;

/// <summary>Runs of the mixed plans, started one after another and waited for in the end.</summary>
internal static class MixedRuns
{
    private const int AtOnce = 5;

    private static readonly TimeSpan EndLimit = TimeSpan.FromMinutes(4);

    /// <summary>Keeps a few runs going until it was enough.</summary>
    /// <returns>Which plan, by run.</returns>
    public static async Task<Dictionary<string, int>> KeepGoingAsync(Rig rig, List<string> planIds, CancellationToken enough)
    {
        var (runs, active, chance) = (new Dictionary<string, int>(), new HashSet<string>(), new Random(rig.Seed));
        while (!enough.IsCancellationRequested)
        {
            foreach (var run in active.ToList())
            {
                if (await HasEndedAsync(rig, run))
                {
                    active.Remove(run);
                }
            }

            while (active.Count < AtOnce)
            {
                // The first of each, then by chance.
                var plan = runs.Count < planIds.Count ? runs.Count : chance.Next(planIds.Count);
                var id = await Stage.RunAsync(rig, planIds[plan]);
                runs[id] = plan;
                active.Add(id);
            }

            await Task.Delay(250, CancellationToken.None);
        }

        return runs;
    }

    /// <summary>Waits until all runs ended, while <paramref name="striking"/> goes well.</summary>
    /// <returns>What is known of those that did not.</returns>
    public static async Task<List<string>> EndAsync(Rig rig, Dictionary<string, int> runs, Task striking)
    {
        var waiting = runs.Keys.ToHashSet();
        var until = RigClock.NowNs + (long)EndLimit.TotalNanoseconds;
        while (waiting.Count > 0 && RigClock.NowNs < until)
        {
            if (striking.IsFaulted)
            {
                await striking;
            }

            foreach (var run in waiting.ToList())
            {
                if (await HasEndedAsync(rig, run))
                {
                    waiting.Remove(run);
                }
            }

            await Task.Delay(250);
        }

        var stuck = new List<string>();
        foreach (var run in waiting)
        {
            stuck.Add((await rig.Operator.AskAsync("get_run", new() { ["run_id"] = run, ["states"] = new JsonArray("blocked", "ready", "claimed", "waiting") })).ToJsonString());
        }

        return stuck;
    }

    // A run that the server does not know any more will not go on either.
    private static async Task<bool> HasEndedAsync(Rig rig, string run)
    {
        var view = await rig.Operator.TryAsync("get_run", new() { ["run_id"] = run, ["limit"] = 1 });
        return view.Code == "not_found" || RunPages.HasEnded(view.Body);
    }
}
