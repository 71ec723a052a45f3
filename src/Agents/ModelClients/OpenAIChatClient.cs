using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatFinishReason = Microsoft.Extensions.AI.ChatFinishReason;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Pipeline.Agents.ModelClients;

/// <summary>An OpenAI-compatible chat endpoint as an <see cref="IChatClient"/>: texts, pictures, tools and JSON answers. Streaming gives the whole answer at once.</summary>
public sealed class OpenAIChatClient(ChatClient client) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var answer = (await client.CompleteChatAsync(OpenAIMessages.From(messages, options?.Instructions), Settings(options), cancellationToken).ConfigureAwait(false)).Value;
        var contents = new List<AIContent>();
        foreach (var part in answer.Content.Where(part => part.Kind == ChatMessageContentPartKind.Text)) contents.Add(new TextContent(part.Text));
        foreach (var call in answer.ToolCalls) contents.Add(Call(call));
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, contents) { MessageId = answer.Id })
        {
            ResponseId = answer.Id,
            ModelId = answer.Model,
            CreatedAt = answer.CreatedAt,
            FinishReason = new ChatFinishReason(answer.FinishReason switch
            {
                OpenAI.Chat.ChatFinishReason.Length => "length",
                OpenAI.Chat.ChatFinishReason.ToolCalls or OpenAI.Chat.ChatFinishReason.FunctionCall => "tool_calls",
                OpenAI.Chat.ChatFinishReason.ContentFilter => "content_filter",
                _ => "stop",
            }),
            Usage = answer.Usage is { } usage
                ? new UsageDetails { InputTokenCount = usage.InputTokenCount, OutputTokenCount = usage.OutputTokenCount, TotalTokenCount = usage.TotalTokenCount }
                : null,
        };
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false)).ToChatResponseUpdates()) yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null : serviceType.IsInstanceOfType(this) ? this : serviceType.IsInstanceOfType(client) ? client : null;

    public void Dispose()
    {
    }

    private static FunctionCallContent Call(ChatToolCall call)
    {
        try
        {
            return new FunctionCallContent(call.Id, call.FunctionName, JsonSerializer.Deserialize<Dictionary<string, object?>>(call.FunctionArguments));
        }
        catch (JsonException wrong)
        {
            // The loop hands the fault back to the model, which wrote it.
            return new FunctionCallContent(call.Id, call.FunctionName) { Exception = wrong };
        }
    }

    private static ChatCompletionOptions Settings(ChatOptions? options)
    {
        var settings = new ChatCompletionOptions { MaxOutputTokenCount = options?.MaxOutputTokens, Temperature = options?.Temperature };
        foreach (var tool in options?.Tools?.OfType<AIFunctionDeclaration>() ?? [])
            settings.Tools.Add(ChatTool.CreateFunctionTool(tool.Name, tool.Description, BinaryData.FromString(tool.JsonSchema.GetRawText())));
        if (options?.ResponseFormat is ChatResponseFormatJson json)
        {
            settings.ResponseFormat = json.Schema is { } schema
                ? OpenAI.Chat.ChatResponseFormat.CreateJsonSchemaFormat(json.SchemaName ?? "answer", BinaryData.FromString(schema.GetRawText()), json.SchemaDescription)
                : OpenAI.Chat.ChatResponseFormat.CreateJsonObjectFormat();
        }

        return settings;
    }
}
