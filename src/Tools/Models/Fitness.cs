using System.Globalization;

namespace Pipeline.Tools.Models;

/// <summary>Whether a model can take a demand, before any money moves, in words.</summary>
public static class Fitness
{
    /// <summary>Why <paramref name="card"/> cannot take <paramref name="demand"/> on <paramref name="day"/>; empty when it can.</summary>
    public static IReadOnlyList<string> Misfits(ModelCard card, Demand demand, DateOnly day)
    {
        var misfit = new CardFacts(card).Misfits(demand, CardFacts.Bits(demand.Given), day.DayNumber);
        return Say(card, demand, card.Capabilities.Contains(demand.Capability) ? misfit : misfit | Misfit.Capability);
    }

    /// <summary>The same, of what was already found.</summary>
    public static IReadOnlyList<string> Say(ModelCard card, Demand demand, Misfit misfit)
    {
        var why = new List<string>();
        if (misfit == Misfit.None) return why;
        var limits = card.Limits;
        if (misfit.HasFlag(Misfit.Capability)) why.Add($"cannot do {demand.Capability}");
        if (misfit.HasFlag(Misfit.Retired)) why.Add(string.Create(CultureInfo.InvariantCulture, $"retired on {card.RetiresOn:yyyy-MM-dd}"));
        why.AddRange(card.Requires.Where(kind => !demand.Given.Contains(kind)).Select(kind => $"needs {Name(kind)} input"));
        if (misfit.HasFlag(Misfit.TakesNoInput))
            why.AddRange(demand.Given.Where(kind => kind is MediaKind.Image or MediaKind.Text && !card.Inputs.Contains(kind)).Select(kind => $"takes no {Name(kind)} input"));
        if (misfit.HasFlag(Misfit.Duration)) why.Add(string.Create(CultureInfo.InvariantCulture, $"makes at most {limits.MaxDurationSeconds} s, {demand.DurationSeconds} s asked"));
        if (misfit.HasFlag(Misfit.Size)) why.Add($"makes at most {limits.MaxWidth}x{limits.MaxHeight}, {demand.Width}x{demand.Height} asked");
        if (misfit.HasFlag(Misfit.Aspect)) why.Add($"has no aspect {demand.Aspect}");
        if (misfit.HasFlag(Misfit.References)) why.Add($"takes at most {limits.MaxReferences} references, {demand.References} given");
        if (misfit.HasFlag(Misfit.Prompt)) why.Add($"takes at most {limits.MaxPromptCharacters} characters of prompt");
        if (misfit.HasFlag(Misfit.Sound)) why.Add("makes no sound");
        return why;
    }

    private static string Name(MediaKind kind) => kind.ToString().ToLowerInvariant();
}
