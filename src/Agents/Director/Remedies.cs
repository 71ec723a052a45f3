namespace Pipeline.Agents.Director;

/// <summary>What a director does about a failed step.</summary>
/// <param name="StepId">The step to skip, so that the rest goes on.</param>
/// <param name="Why">For the record.</param>
public sealed record Remedy(string StepId, string Why);

/// <summary>
/// Decides by rules what to do about failures that the plan's own retries and repairs did not mend. Pure. One segment that cannot
/// be cut is left out while others were; one that cannot be repaired goes in as it is, and the verdict says so. Anything else
/// stands: a film that failed its check is not delivered.
/// </summary>
public static class Remedies
{
    private static readonly HashSet<string> Dispensable = new(StringComparer.Ordinal)
    {
        "extract", "denoise", "sharpen", "stabilise", "smooth", "upscale", "grade", "loudness", "contact_sheet", "notify",
        "generate_video", "generate_audio", "generate_image", "compare",
    };

    /// <summary>What to skip now; empty when nothing helps.</summary>
    /// <param name="tried">Step ids that a remedy was already used on.</param>
    public static IReadOnlyList<Remedy> For(RunView run, IReadOnlySet<string> tried)
    {
        var remedies = new List<Remedy>();
        foreach (var step in run.Steps.Where(step => step.IsFailed && Dispensable.Contains(step.Capability) && !tried.Contains(step.StepId)))
        {
            var isPart = step.StepId != step.BaseId;
            // The row of a fan-out fails with its items; the items are what is skipped. Repairs belong to what they mend.
            if (step.StepId.Contains(':', StringComparison.Ordinal) || (!isPart && run.Parts(step.StepId).Any())) continue;
            if (step.Capability is "generate_video" or "generate_image" or "compare" && !HasRival(run, step)) continue;
            if (step.Capability == "extract" && !run.Parts(step.BaseId).Any(part => part.State == "succeeded")) continue;
            remedies.Add(new Remedy(step.StepId, $"{step.Capability} {step.StepId} failed ({step.ErrorCode}); {Consequence(step.Capability)}"));
        }

        return remedies;
    }

    // take-1-b stands in for take-1-a, pick-2 for pick-1, ref-b for ref-a: a film of nothing is none, and a key frame has no stand-in.
    private static bool HasRival(RunView run, StepView step)
    {
        var dash = step.StepId.LastIndexOf('-');
        return dash > 0 && !step.StepId.StartsWith("key-", StringComparison.Ordinal) && run.Steps.Any(other =>
            other.StepId != step.StepId && other.Capability == step.Capability && !other.IsFailed && other.State is not ("skipped" or "cancelled")
            && other.StepId.StartsWith(step.StepId[..(dash + 1)], StringComparison.Ordinal));
    }

    private static string Consequence(string capability) => capability switch
    {
        "generate_video" => "the other take stands alone",
        "generate_audio" => "the film goes without this sound",
        "generate_image" => "its shots go without this reference",
        "compare" => "the film goes on without this shot",
        "extract" => "the film goes on without this segment",
        "contact_sheet" => "it is delivered without a contact sheet",
        "notify" => "nobody was told; the delivery stands",
        _ => "the segment goes in as it was before",
    };
}
