using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Pipeline.Agents.Tests.ModelClients;

/// <summary>A chat client that answers from a script and keeps what it was asked.</summary>
internal sealed class ScriptedChatClient(params Func<IReadOnlyList<ChatMessage>, ChatOptions?, ChatResponse>[] answers) : IChatClient
{
    private int _turn;

    public List<(IReadOnlyList<ChatMessage> Messages, ChatOptions? Options)> Asked { get; } = [];

    public static Func<IReadOnlyList<ChatMessage>, ChatOptions?, ChatResponse> Says(string text, long tokens = 10) =>
        (_, _) => new ChatResponse(new ChatMessage(ChatRole.Assistant, text)) { Usage = new UsageDetails { InputTokenCount = tokens, OutputTokenCount = 0 } };

    public static Func<IReadOnlyList<ChatMessage>, ChatOptions?, ChatResponse> Calls(string function, Dictionary<string, object?> arguments, long tokens = 10) =>
        (_, _) => new ChatResponse(new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("call-" + function, function, arguments)])) { Usage = new UsageDetails { InputTokenCount = tokens, OutputTokenCount = 0 } };

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        List<ChatMessage> given = [.. messages];
        Asked.Add((given, options));
        return Task.FromResult(answers[Math.Min(_turn++, answers.Length - 1)](given, options));
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates()) yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
