using System.ClientModel;
using Anthropic;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;

namespace Pipeline.Agents.ModelClients;

/// <summary>Makes the chat client that the environment asks for.</summary>
public static class ChatModels
{
    private const string AnthropicDefault = "claude-sonnet-5-5";
    private const string OpenAIDefault = "gpt-4.1";
    private const int MaxOutputTokens = 16_000;

    /// <summary>The model that ANTHROPIC_API_KEY, or OPENAI_API_KEY with OPENAI_BASE_URL, and PIPELINE_DIRECTOR_MODEL name; null when there is no key.</summary>
    public static ChatModel? FromEnvironment() => From(
        Environment.GetEnvironmentVariable("ANTHROPIC_API_KEY"), Environment.GetEnvironmentVariable("OPENAI_API_KEY"),
        Environment.GetEnvironmentVariable("OPENAI_BASE_URL"), Environment.GetEnvironmentVariable("PIPELINE_DIRECTOR_MODEL"));

    /// <summary>Anthropic's where its key is given, else an OpenAI-compatible endpoint; a base URL alone is enough for one that asks for no key.</summary>
    public static ChatModel? From(string? anthropicKey, string? openAIKey, string? openAIUrl, string? model)
    {
        if (!string.IsNullOrEmpty(anthropicKey))
        {
            var name = Named(model, AnthropicDefault);
            return new ChatModel(name, new AnthropicClient { ApiKey = anthropicKey }.AsIChatClient(name, MaxOutputTokens));
        }

        if (string.IsNullOrEmpty(openAIKey) && string.IsNullOrEmpty(openAIUrl)) return null;
        var chosen = Named(model, OpenAIDefault);
        var options = string.IsNullOrEmpty(openAIUrl) ? null : new OpenAIClientOptions { Endpoint = new Uri(openAIUrl) };
        var key = new ApiKeyCredential(string.IsNullOrEmpty(openAIKey) ? "none" : openAIKey);
        return new ChatModel(chosen, new OpenAIChatClient(new ChatClient(chosen, key, options)));
    }

    private static string Named(string? model, string otherwise) => string.IsNullOrWhiteSpace(model) ? otherwise : model;
}

/// <summary>A chat client and the name of the model behind it.</summary>
public sealed record ChatModel(string Name, IChatClient Client);
