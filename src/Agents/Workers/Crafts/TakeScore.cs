using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Workers.Crafts;

/// <summary>
/// One number for what was measured of a generated take, so that takes can be compared and a bar be set. Pure. A picture is scored on
/// sharpness, cleanness, whether it moves, and whether it is there at all; a sound on being heard. A dead take scores next to nothing.
/// </summary>
public static class TakeScore
{
    // Measured on good footage: what is above counts no further.
    private const double GoodSharpness = 0.12;
    private const double GoodMotion = 0.01;
    private const double QuietestLufs = -50;

    private static readonly string[] Told = ["sharpness", "cleanness", "motion", "black_share", "freeze_share", "loudness_lufs"];

    private const double MostDead = 0.9;
    private const double DeadScore = 0.05;

    /// <summary>0 to 1; null when nothing was measured that says anything.</summary>
    public static double? Of(JsonObject metrics)
    {
        if (metrics.Number("sharpness") is not { } sharpness)
        {
            if (metrics.Number("loudness_lufs") is not { } loudness) return null;
            return loudness > QuietestLufs ? Math.Round(1 - Share(metrics, "silence_share"), 4) : DeadScore;
        }

        var (black, frozen) = (Share(metrics, "black_share"), Share(metrics, "freeze_share"));
        if (black > MostDead || frozen > MostDead) return DeadScore;
        var isMoving = metrics.Number("motion") is not null;
        var seen = (0.4 * Math.Min(1, sharpness / GoodSharpness)) + (0.2 * (metrics.Number("cleanness") ?? 0.5));
        var alive = (0.2 * (1 - black)) + (isMoving ? 0.1 * (1 - frozen) : 0.1) + (isMoving ? 0.1 * Math.Min(1, metrics.Number("motion")!.Value / GoodMotion) : 0.1);
        return Math.Round(seen + alive, 4);
    }

    /// <summary>What speaks for and against it, for people.</summary>
    public static string Explain(JsonObject metrics) => string.Join(", ", Told
        .Where(name => metrics.Number(name) is not null)
        .Select(name => FormattableString.Invariant($"{name.Replace('_', ' ')} {metrics.Number(name):0.###}")));

    private static double Share(JsonObject metrics, string name) => Math.Clamp(metrics.Number(name) ?? 0, 0, 1);
}
