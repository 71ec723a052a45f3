using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Director;

/// <summary>Chooses the models of a generated film: those asked for, then those that the router holds fit, in its order. It spends nothing.</summary>
public sealed class ModelCasting(Connection connection)
{
    private const string Local = "local";

    private static readonly string[] Capabilities = ["generate_image", "generate_video", "generate_audio", "speech"];

    /// <summary>Lists for motion, which needs two that compete, and wherever a wish leaves something out; the rest is the router's.</summary>
    public async Task<Casting> ChooseAsync(GenerationWishes wishes, ShotList script, FilmSize size, CancellationToken ct)
    {
        var chosen = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var leftOut = new List<string>();
        foreach (var capability in Capabilities)
        {
            var cards = (await connection.ReadAsync("list_models", new { capability }, ct).ConfigureAwait(false)).Objects("models").ToList();
            var known = cards.Where(card => !wishes.LocalOnly || card.Text("provider") == Local).Select(card => card.Text("id") ?? "").ToHashSet(StringComparer.Ordinal);
            var asked = wishes.Models.Where(known.Contains).ToList();
            var fit = (await LookAsync(capability, script, size, "draft", ct).ConfigureAwait(false)).Fit.Where(known.Contains);
            if (asked.Count > 0)
            {
                // Who names a model means it whatever its tier; one that cannot take the work would only have the plan refused.
                var (able, against) = await LookAsync(capability, script, size, null, ct).ConfigureAwait(false);
                leftOut.AddRange(asked.Except(able).Select(model => $"{model} {against.GetValueOrDefault(model, "does not fit")}"));
                asked = [.. asked.Intersect(able)];
            }

            if (capability == "generate_video" || asked.Count > 0 || wishes.LocalOnly) chosen[capability] = [.. asked.Concat(fit).Distinct()];
        }

        return new Casting(chosen) { LeftOut = leftOut };
    }

    // Those that could do it, best first, and what speaks against the others.
    private async Task<(IReadOnlyList<string> Fit, IReadOnlyDictionary<string, string> Against)> LookAsync(
        string capability, ShotList script, FilmSize size, string? tier, CancellationToken ct)
    {
        var inputs = capability switch
        {
            "generate_video" => Wire.Object(new { prompt = Longest(script), references = Enumerable.Repeat("any/reference@1", 1 + script.Shots.Max(shot => shot.Shows.Count)), duration_seconds = script.Shots.Max(shot => shot.Seconds), size.Width, size.Height }),
            "generate_image" => Wire.Object(new { prompt = Longest(script), size.Width, size.Height }),
            "generate_audio" => Wire.Object(new { prompt = "score", duration_seconds = script.Shots.Sum(shot => shot.Seconds ?? 0) }),
            _ => Wire.Object(new { text = script.Shots.Select(shot => shot.Dialogue).OfType<string>().MaxBy(line => line.Length) ?? "a line" }),
        };
        try
        {
            var decision = await connection.ChangeAsync("route_step", new { capability, inputs, constraints = new { tier, served = true }, dry_run = true }, Intent.New("casting"), ct).ConfigureAwait(false);
            var others = decision.Objects("alternatives").ToLookup(other => other.Number("score") is not null);
            return ([decision.Text("model") ?? "", .. others[true].Select(other => other.Text("model") ?? "")], Reasons(others[false]));
        }
        catch (ToolRefused refusal) when (refusal.Code is "no_model")
        {
            return ([], Reasons(refusal.Facts?.Objects("refused") ?? []));
        }
    }

    private static Dictionary<string, string> Reasons(IEnumerable<JsonObject> refused) => refused
        .DistinctBy(other => other.Text("model")).ToDictionary(other => other.Text("model") ?? "", other => other.Text("why_not") ?? "", StringComparer.Ordinal);

    private static string Longest(ShotList script) => script.Shots.Select(shot => shot.Description).MaxBy(words => words.Length)!;
}
