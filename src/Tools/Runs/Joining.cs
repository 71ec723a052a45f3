using Pipeline.Tools.Plans;

namespace Pipeline.Tools.Runs;

internal enum Joined
{
    Wait,
    Enough,

    /// <summary>It can no longer be enough, because something failed.</summary>
    Failed,

    /// <summary>It can no longer be enough, though nothing failed.</summary>
    PassedOver,
}

/// <summary>Whether enough of what a step needs is done. A fan-out counts as its items.</summary>
internal static class Joining
{
    public static Joined Look(RunWork work, PlanStep step)
    {
        var needs = step.Needs.Select(work.Get).ToList();
        return step.Join is { } count ? Some(work, needs, count) : All(needs);
    }

    private static Joined All(List<StepSnapshot> needs)
    {
        if (needs.Any(need => need.IsSettled && !need.IsSatisfied)) return Joined.Failed;
        return needs.All(need => need.IsSettled) ? Joined.Enough : Joined.Wait;
    }

    private static Joined Some(RunWork work, List<StepSnapshot> needs, int count)
    {
        var (succeeded, open, failed) = (0, 0, false);
        foreach (var need in needs)
        {
            // How many results a fan-out brings is not known before it has unfolded.
            if (work.IsWhole(need) && need.State == StepState.Blocked) open += count;
            foreach (var result in Results(work, need))
            {
                if (result.State == StepState.Succeeded) succeeded++;
                else if (!result.IsSettled) open++;
                else failed |= !result.IsSatisfied;
            }
        }

        if (succeeded >= count) return Joined.Enough;
        if (succeeded + open >= count) return Joined.Wait;
        return failed ? Joined.Failed : Joined.PassedOver;
    }

    private static List<StepSnapshot> Results(RunWork work, StepSnapshot need)
    {
        if (!work.IsWhole(need)) return [need];
        var parts = work.Parts(need.BaseId).ToList();
        return parts.Count > 0 || need.State is StepState.Blocked or StepState.Succeeded ? parts : [need];
    }
}
