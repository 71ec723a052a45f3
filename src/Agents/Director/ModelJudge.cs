using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using ModelContextProtocol.Protocol;
using Pipeline.Agents.Connecting;
using Pipeline.Agents.ModelClients;

namespace Pipeline.Agents.Director;

/// <summary>Has a model that can see look at the contact sheet of the final cut. It can turn an acceptance down, never a refusal up.</summary>
public static class ModelJudge
{
    /// <summary>The verdict with the model's added; the rules' alone when it gave none.</summary>
    public static async Task<Verdict> LookAsync(Verdict measured, string brief, ImageContentBlock? sheet, ChatModel model, CancellationToken ct)
    {
        var agent = new ChatAgent("director", DirectorWords.Judge, new ChatKernel(model.Client, []));
        var message = new ChatMessage(ChatRole.User, [new TextContent($"{Quoted.Data("brief", brief)}\n{Quoted.Data("measured", string.Join('\n', measured.Reasons))}")]);
        if (sheet is not null) message.Contents.Add(new DataContent(sheet.DecodedData, sheet.MimeType));
        var said = await agent.AskAsync([message], new ChatOptions { ResponseFormat = ChatResponseFormat.Json }, ct).ConfigureAwait(false);
        if (Read(said) is not { } seen) return measured with { Reasons = [.. measured.Reasons, $"{model.Name} gave no verdict that can be read"] };
        return measured with
        {
            Accepted = measured.Accepted && seen.Flag("accepted") is true,
            Method = $"rules and {model.Name}",
            Reasons = [.. measured.Reasons, .. seen.Texts("reasons").Take(20).Select(reason => $"{model.Name}: {reason}")],
        };
    }

    private static JsonObject? Read(string said)
    {
        var (from, to) = (said.IndexOf('{', StringComparison.Ordinal), said.LastIndexOf('}'));
        try
        {
            return from >= 0 && to > from && JsonNode.Parse(said[from..(to + 1)]) is JsonObject answer && answer.Flag("accepted") is not null ? answer : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
