using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Pipeline.Agents.ModelClients;

/// <summary>Messages in the words of OpenAI's client.</summary>
internal static class OpenAIMessages
{
    public static IEnumerable<OpenAI.Chat.ChatMessage> From(IEnumerable<ChatMessage> messages, string? instructions)
    {
        if (!string.IsNullOrEmpty(instructions)) yield return new SystemChatMessage(instructions);
        foreach (var message in messages)
        {
            if (message.Role == ChatRole.System) yield return new SystemChatMessage(message.Text);
            else if (message.Role == ChatRole.Assistant) yield return Assistant(message);
            else if (message.Role == ChatRole.Tool) foreach (var result in message.Contents.OfType<FunctionResultContent>()) yield return new ToolChatMessage(result.CallId, Words(result.Result));
            else yield return new UserChatMessage(message.Contents.Select(Part).OfType<ChatMessageContentPart>());
        }
    }

    private static AssistantChatMessage Assistant(ChatMessage message)
    {
        var calls = message.Contents.OfType<FunctionCallContent>()
            .Select(call => ChatToolCall.CreateFunctionToolCall(call.CallId, call.Name, BinaryData.FromString(JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>()))))
            .ToList();
        if (calls.Count == 0) return new AssistantChatMessage(message.Text);
        var said = new AssistantChatMessage(calls);
        if (message.Text.Length > 0) said.Content.Add(ChatMessageContentPart.CreateTextPart(message.Text));
        return said;
    }

    private static ChatMessageContentPart? Part(AIContent content) => content switch
    {
        TextContent text => ChatMessageContentPart.CreateTextPart(text.Text),
        DataContent data when data.HasTopLevelMediaType("image") => ChatMessageContentPart.CreateImagePart(BinaryData.FromBytes(data.Data), data.MediaType),
        _ => null,
    };

    private static string Words(object? result) => result switch
    {
        null => "null",
        string text => text,
        _ => JsonSerializer.Serialize(result),
    };
}
