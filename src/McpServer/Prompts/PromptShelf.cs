using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Pipeline.McpServer.Filters;
using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Prompts;

/// <summary>The prompts that every connection is offered.</summary>
internal static class PromptShelf
{
    public static IReadOnlyList<PromptText> All { get; } = [DirectAVideo.Prompt, ReviewARun.Prompt, FindAndCut.Prompt];

    /// <summary>Sets the handlers on a connection's options.</summary>
    public static void Attach(McpServerOptions options)
    {
        options.Handlers.ListPromptsHandler = (_, _) => ValueTask.FromResult(new ListPromptsResult { Prompts = [.. All.Select(prompt => prompt.About)] });
        options.Handlers.GetPromptHandler = (request, _) => ValueTask.FromResult(Get(request.Params));
        options.Filters.Request.GetPromptFilters.Add(ProtocolErrorFilter.Wrap);
    }

    private static GetPromptResult Get(GetPromptRequestParams asked)
    {
        var prompt = All.FirstOrDefault(prompt => prompt.About.Name == asked.Name)
            ?? throw new InvalidArgumentError("name", $"There is no prompt '{asked.Name}'; there are {string.Join(", ", All.Select(prompt => prompt.About.Name))}.");
        var text = prompt.Write(new(asked.Arguments, [.. prompt.About.Arguments ?? []]));
        return new()
        {
            Description = prompt.About.Description,
            Messages = [new() { Role = Role.User, Content = new TextContentBlock { Text = text } }],
        };
    }
}
