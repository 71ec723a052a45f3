using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Pipeline.Agents.ModelClients;

/// <summary>
/// An agent made of a model: a name, instructions, a kernel of tools, and one way to invoke it. The shape is that of Semantic
/// Kernel's chat agent, so that one of those can take its place.
/// </summary>
/// <param name="Name">Who speaks.</param>
/// <param name="Instructions">What it is told before everything else.</param>
/// <param name="Kernel">The model and the functions that it may call.</param>
public sealed record ChatAgent(string Name, string Instructions, ChatKernel Kernel)
{
    /// <summary>Invokes it with a conversation; gives what it said, function calls and their results included, in order.</summary>
    public async IAsyncEnumerable<ChatMessage> InvokeAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken ct = default)
    {
        var settings = options?.Clone() ?? new ChatOptions();
        settings.Instructions = Instructions;
        settings.Tools = [.. Kernel.Functions];
        // Not disposed of: the kernel's client lives longer than one invocation.
        var response = await new FunctionCallingChatClient(Kernel.Client, Kernel.Bounds).GetResponseAsync(messages, settings, ct).ConfigureAwait(false);
        foreach (var message in response.Messages)
        {
            message.AuthorName ??= message.Role == ChatRole.Assistant ? Name : null;
            yield return message;
        }
    }

    /// <summary>The same, for the words of its last answer only.</summary>
    public async Task<string> AskAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken ct)
    {
        var last = "";
        await foreach (var message in InvokeAsync(messages, options, ct).ConfigureAwait(false))
            if (message.Role == ChatRole.Assistant && message.Text.Length > 0) last = message.Text;
        return last;
    }
}

/// <summary>A model and what it may call.</summary>
public sealed record ChatKernel(IChatClient Client, IReadOnlyList<AIFunction> Functions, FunctionCallingOptions? Bounds = null);
