using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Pipeline.Agents.Connecting;
using Pipeline.Agents.Director;
using Pipeline.Agents.ModelClients;

namespace Pipeline.Agents.Workers.Crafts;

/// <summary>
/// Has a model that can see look at takes side by side. It may choose another winner than the numbers do, and may want another take;
/// it cannot choose one that is black or frozen.
/// </summary>
/// <param name="model">The model that looks.</param>
public sealed class TakeCritic(ChatModel model)
{
    private const int MostReasons = 10;
    private const int LongestReason = 300;
    private const int LongestPrompt = 2_000;
    private const double Dead = 0.1;

    /// <summary>The verdict with the model's added; the measured one, with a remark, when it gave none that can be read.</summary>
    /// <param name="sheet">All takes on one picture, one after the other.</param>
    /// <param name="references">What they should look like.</param>
    public async Task<TakeVerdict> LookAsync(IReadOnlyList<Take> takes, TakeVerdict measured, string? prompt, DataContent sheet, IReadOnlyList<DataContent> references, CancellationToken ct)
    {
        var agent = new ChatAgent("director", DirectorWords.Takes, new ChatKernel(model.Client, []));
        var listed = string.Join('\n', takes.Select((take, i) => FormattableString.Invariant($"{i + 1}. score {take.Score:0.###}: {TakeScore.Explain(take.Metrics)}")));
        var message = new ChatMessage(ChatRole.User, [new TextContent($"{Quoted.Data("what was asked for", prompt ?? "")}\n{Quoted.Data("measured", listed)}"), sheet, .. references]);
        string said;
        try
        {
            said = await agent.AskAsync([message], new ChatOptions { ResponseFormat = ChatResponseFormat.Json }, ct).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return Alone(measured, $"{model.Name} could not look ({failure.Message})");
        }

        return Read(said) is { } answer && answer.Flag("accepted") is { } isAccepted && answer.Whole("winner") is { } number && number >= 1 && number <= takes.Count
            ? Joined(takes, measured, answer, takes[(int)number - 1], isAccepted)
            : Alone(measured, $"{model.Name} gave no verdict that can be read");
    }

    private TakeVerdict Joined(IReadOnlyList<Take> takes, TakeVerdict measured, JsonObject answer, Take chosen, bool isAccepted)
    {
        var reasons = measured.Reasons.Concat(answer.Texts("reasons").Take(MostReasons).Select(reason => $"{model.Name}: {Short(reason, LongestReason)}")).ToList();
        if (chosen.Score <= Dead && takes.Any(take => take.Score > Dead))
        {
            reasons.Add($"{model.Name} chose a take that is black or frozen; the measured winner stands");
            chosen = takes.First(take => take.Asset == measured.Winner);
        }

        var retake = answer.Text("retake_prompt") is { Length: > 0 } words ? Short(words, LongestPrompt) : null;
        return new TakeVerdict(chosen.Asset, isAccepted, $"measured and {model.Name}", reasons, isAccepted ? null : retake);
    }

    private static TakeVerdict Alone(TakeVerdict measured, string remark) => measured with { Reasons = [.. measured.Reasons, $"{remark}; the verdict is by what was measured"] };

    private static string Short(string text, int most) => text.Length <= most ? text : text[..most];

    private static JsonObject? Read(string said)
    {
        var (from, to) = (said.IndexOf('{', StringComparison.Ordinal), said.LastIndexOf('}'));
        try
        {
            return from >= 0 && to > from ? JsonNode.Parse(said[from..(to + 1)]) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
