using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Pipeline.Agents.ModelClients;

/// <summary>
/// Lets a model call functions: what it asks for is invoked, the results go back to it, until it answers in words, or a bound is
/// reached. A decorator in the shape of Microsoft.Extensions.AI's own, which can take its place.
/// </summary>
public sealed class FunctionCallingChatClient(IChatClient inner, FunctionCallingOptions? bounds = null) : DelegatingChatClient(inner)
{
    private readonly FunctionCallingOptions _bounds = bounds ?? new FunctionCallingOptions();

    /// <summary>Answers after as many turns as the model takes, at most <see cref="FunctionCallingOptions.MaxTurns"/>.</summary>
    /// <returns>Everything that was said, calls and results included; usage is the sum.</returns>
    /// <exception cref="SpendLimitReached">Another turn would begin beyond the limit.</exception>
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        List<ChatMessage> said = [.. messages], answered = [];
        var usage = new UsageDetails();
        for (var turn = 1; ; turn++)
        {
            if (usage.TotalTokenCount >= _bounds.MaxTokens) throw new SpendLimitReached(usage.TotalTokenCount.Value, _bounds.MaxTokens);
            // On its last turn it is given no tools, so that it must come to an answer.
            var isLast = turn >= _bounds.MaxTurns;
            var response = await base.GetResponseAsync(said, isLast ? Toolless(options) : options, cancellationToken).ConfigureAwait(false);
            Add(usage, response.Usage);
            answered.AddRange(response.Messages);
            var calls = response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().ToList();
            if (calls.Count == 0 || isLast)
            {
                response.Messages = answered;
                response.Usage = usage;
                return response;
            }

            var results = new ChatMessage(ChatRole.Tool, []);
            foreach (var call in calls) results.Contents.Add(new FunctionResultContent(call.CallId, await InvokeAsync(call, options, cancellationToken).ConfigureAwait(false)));
            said.AddRange(response.Messages);
            said.Add(results);
            answered.Add(results);
        }
    }

    /// <summary>The same; the answer comes when it is whole.</summary>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false)).ToChatResponseUpdates()) yield return update;
    }

    // A fault is an answer for the model, which can call differently; only cancellation ends the loop.
    private async Task<object?> InvokeAsync(FunctionCallContent call, ChatOptions? options, CancellationToken ct)
    {
        if (call.Exception is { } unreadable) return Fault("invalid_arguments", unreadable.Message);
        if (options?.Tools?.OfType<AIFunction>().FirstOrDefault(tool => tool.Name == call.Name) is not { } function)
            return Fault("unknown_function", $"There is no function '{call.Name}'.");
        try
        {
            return Shortened(await function.InvokeAsync(new AIFunctionArguments(call.Arguments), ct).ConfigureAwait(false));
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            return Fault("function_failed", failure.Message);
        }
    }

    private object? Shortened(object? result)
    {
        var text = result as string ?? JsonSerializer.Serialize(result);
        return text.Length <= _bounds.MaxResultCharacters ? result : text[.._bounds.MaxResultCharacters] + " [cut here: the answer is longer; ask for less]";
    }

    private static object Fault(string code, string message) => new { error = code, message };

    private static ChatOptions? Toolless(ChatOptions? options)
    {
        if (options?.Tools is null) return options;
        var without = options.Clone();
        without.Tools = null;
        without.ToolMode = null;
        return without;
    }

    private static void Add(UsageDetails sum, UsageDetails? usage)
    {
        if (usage is null) return;
        usage.TotalTokenCount ??= (usage.InputTokenCount ?? 0) + (usage.OutputTokenCount ?? 0);
        sum.Add(usage);
    }
}
