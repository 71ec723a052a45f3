using ModelContextProtocol.Protocol;

namespace Pipeline.McpServer.Prompts;

/// <summary>A prompt: what it is called, what it takes, and the words it makes of that.</summary>
/// <param name="About">As it is listed.</param>
/// <param name="Write">The message to the model.</param>
internal sealed record PromptText(Prompt About, Func<PromptArguments, string> Write)
{
    public static PromptArgument Needed(string name, string description) => new() { Name = name, Description = description, Required = true };

    public static PromptArgument Optional(string name, string description) => new() { Name = name, Description = description, Required = false };
}
