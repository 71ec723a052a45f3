using System.Text.Json.Nodes;

namespace Pipeline.Agents.Workers.Crafts;

/// <summary>One of several takes of the same thing.</summary>
/// <param name="Asset">With its version.</param>
/// <param name="Model">What made it, when that is known.</param>
/// <param name="Score">Of <see cref="TakeScore"/>; 0 when nothing could be measured.</param>
public sealed record Take(string Asset, string? Model, double Score, JsonObject Metrics);

/// <summary>Which of several takes is taken, and why.</summary>
/// <param name="Winner">Its asset.</param>
/// <param name="Accepted">Whether it will do; when not, another is wanted.</param>
/// <param name="Method"><c>measured</c>, or <c>measured and MODEL</c> when a model looked too.</param>
/// <param name="RetakePrompt">What to ask another take for; null to ask for the same again.</param>
public sealed record TakeVerdict(string Winner, bool Accepted, string Method, IReadOnlyList<string> Reasons, string? RetakePrompt = null)
{
    /// <summary>By what was measured: the highest score, and of equals the first. Pure.</summary>
    public static TakeVerdict Measured(IReadOnlyList<Take> takes)
    {
        var best = takes.MaxBy(take => take.Score)!;
        var reasons = takes.Select(take => FormattableString.Invariant($"{Say(take)}: score {take.Score:0.###} ({TakeScore.Explain(take.Metrics)})")).ToList();
        if (takes.Count > 1) reasons.Add(FormattableString.Invariant($"{Say(best)} wins by {Margin(takes, best.Asset):0.###}"));
        return new TakeVerdict(best.Asset, true, "measured", reasons);
    }

    /// <summary>The winner's score less that of the best of the others; null without others.</summary>
    public static double? Margin(IReadOnlyList<Take> takes, string winner) =>
        takes.Count < 2 ? null : Math.Round(takes.First(take => take.Asset == winner).Score - takes.Where(take => take.Asset != winner).Max(take => take.Score), 4);

    private static string Say(Take take) => take.Model is null ? take.Asset : $"{take.Model} ({take.Asset})";
}
