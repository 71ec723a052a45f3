using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Pipeline.McpServer.Connections;
using Pipeline.Storage;

namespace Pipeline.McpServer.TestHost;

/// <summary>A small house behind the doors.</summary>
public static class SampleComposition
{
    /// <summary>The same for an owner's process.</summary>
    public static Task<Composition> ComposeAsync(DataFolder folder, CancellationToken cancellation) => Task.FromResult(Create());

    /// <summary>Puts it together; <paramref name="seen"/> is told of every connection.</summary>
    public static Composition Create(Action<Connection>? seen = null, Func<CancellationToken, ValueTask<bool>>? hasWork = null)
    {
        var tools = new McpServerPrimitiveCollection<McpServerTool>();
        foreach (var method in typeof(SampleTools).GetMethods().Concat(typeof(ConformanceTools).GetMethods()).Where(method => method.IsDefined(typeof(McpServerToolAttribute), false)))
        {
            tools.Add(McpServerTool.Create(method));
        }

        var resources = new McpServerResourceCollection { McpServerResource.Create(typeof(SampleTexts).GetMethod(nameof(SampleTexts.Watched))!) };
        var prompts = new McpServerPrimitiveCollection<McpServerPrompt>
        {
            McpServerPrompt.Create(typeof(SampleTexts).GetMethod(nameof(SampleTexts.Greet))!),
        };
        McpServerOptions OptionsFor(Connection connection)
        {
            seen?.Invoke(connection);
            return new McpServerOptions
            {
                ServerInfo = new Implementation { Name = "sample", Version = "1" },
                ToolCollection = tools,
                ResourceCollection = resources,
                PromptCollection = prompts,
                ScopeRequests = false,
            };
        }

        return new Composition
        {
            Servers = new ServerFactory(OptionsFor, null, NullLoggerFactory.Instance),
            HasWork = hasWork ?? (static _ => ValueTask.FromResult(false)),
        };
    }
}
