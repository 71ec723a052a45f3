using System.Globalization;

namespace Pipeline.Tools.Models;

/// <summary>Whether a model can take a demand, before any money moves.</summary>
public static class Fitness
{
    /// <summary>Why <paramref name="card"/> cannot take <paramref name="demand"/> on <paramref name="day"/>; empty when it can.</summary>
    public static IReadOnlyList<string> Misfits(ModelCard card, Demand demand, DateOnly day)
    {
        var why = new List<string>();
        if (!card.Capabilities.Contains(demand.Capability)) why.Add($"cannot do {demand.Capability}");
        if (card.IsRetired(day)) why.Add(string.Create(CultureInfo.InvariantCulture, $"retired on {card.RetiresOn:yyyy-MM-dd}"));
        foreach (var kind in card.Requires)
            if (!demand.Given.Contains(kind)) why.Add($"needs {Name(kind)} input");
        // Video and audio come through the same input, so that only text and images tell models apart.
        foreach (var kind in demand.Given)
            if (kind is MediaKind.Image or MediaKind.Text && !card.Inputs.Contains(kind)) why.Add($"takes no {Name(kind)} input");
        Limits(card.Limits, demand, card.Outputs.Contains(MediaKind.Video), why);
        return why;
    }

    private static void Limits(ModelLimits limits, Demand demand, bool video, List<string> why)
    {
        if (limits.MaxDurationSeconds < demand.DurationSeconds) why.Add(string.Create(CultureInfo.InvariantCulture, $"makes at most {limits.MaxDurationSeconds} s, {demand.DurationSeconds} s asked"));
        if (demand.SizeAsked && (limits.MaxWidth < demand.Width || limits.MaxHeight < demand.Height)) why.Add($"makes at most {limits.MaxWidth}x{limits.MaxHeight}, {demand.Width}x{demand.Height} asked");
        if (demand.Aspect is { } aspect && limits.Aspects.Count > 0 && !limits.Aspects.Contains(aspect)) why.Add($"has no aspect {aspect}");
        if (limits.MaxReferences < demand.References) why.Add($"takes at most {limits.MaxReferences} references, {demand.References} given");
        if (limits.MaxPromptCharacters < demand.Prompt.Length) why.Add($"takes at most {limits.MaxPromptCharacters} characters of prompt");
        if (video && demand.Audio && !limits.Audio) why.Add("makes no sound");
    }

    private static string Name(MediaKind kind) => kind.ToString().ToLowerInvariant();
}
