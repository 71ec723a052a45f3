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
        foreach (var capability in Capabilities)
        {
            var cards = (await connection.ReadAsync("list_models", new { capability }, ct).ConfigureAwait(false)).Objects("models").ToList();
            var known = cards.Where(card => !wishes.LocalOnly || card.Text("provider") == Local).Select(card => card.Text("id") ?? "").ToHashSet(StringComparer.Ordinal);
            var asked = wishes.Models.Where(known.Contains).ToList();
            var fit = (await FitAsync(capability, script, size, ct).ConfigureAwait(false)).Where(known.Contains);
            if (capability == "generate_video" || asked.Count > 0 || wishes.LocalOnly) chosen[capability] = [.. asked.Concat(fit).Distinct()];
        }

        return new Casting(chosen);
    }

    private async Task<IReadOnlyList<string>> FitAsync(string capability, ShotList script, FilmSize size, CancellationToken ct)
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
            var decision = await connection.ChangeAsync("route_step", new { capability, inputs, constraints = new { tier = "draft", served = true }, dry_run = true }, Intent.New("casting"), ct).ConfigureAwait(false);
            return [decision.Text("model") ?? "", .. decision.Objects("alternatives").Where(other => other.Number("score") is not null).Select(other => other.Text("model") ?? "")];
        }
        catch (ToolRefused refusal) when (refusal.Code is "no_model")
        {
            return [];
        }
    }

    private static string Longest(ShotList script) => script.Shots.Select(shot => shot.Description).MaxBy(words => words.Length)!;
}
