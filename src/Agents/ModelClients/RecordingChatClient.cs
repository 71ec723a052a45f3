using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Pipeline.Agents.ModelClients;

/// <summary>Takes every exchange with a model down, and lets none begin once all of them together took as many tokens as are allowed.</summary>
/// <param name="inner">The model.</param>
/// <param name="conversation">Where it is taken down.</param>
/// <param name="maxTokens">In and out, over everything that was ever said in it.</param>
public sealed class RecordingChatClient(IChatClient inner, Conversation conversation, long maxTokens) : DelegatingChatClient(inner)
{
    /// <exception cref="SpendLimitReached">Another exchange would begin beyond the limit.</exception>
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (conversation.Tokens >= maxTokens) throw new SpendLimitReached(conversation.Tokens, maxTokens);
        List<ChatMessage> asked = [.. messages];
        var answer = await base.GetResponseAsync(asked, options, cancellationToken).ConfigureAwait(false);
        conversation.Add(asked, options, answer);
        return answer;
    }

    /// <summary>The same; the answer comes when it is whole.</summary>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false)).ToChatResponseUpdates()) yield return update;
    }
}
