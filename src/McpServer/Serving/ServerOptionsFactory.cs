using System.Reflection;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Pipeline.McpServer.Connections;
using Pipeline.McpServer.Filters;

namespace Pipeline.McpServer.Serving;

/// <summary>Makes the SDK's options for one connection: its tools, and the filters through which each call passes.</summary>
public sealed class ServerOptionsFactory(ToolShelf shelf, ILoggerFactory logs)
{
    private static readonly string Version = typeof(ServerOptionsFactory).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Options for one connection or, over stateless HTTP, for one request.</summary>
    public McpServerOptions Make(Connection connection)
    {
        var options = new McpServerOptions
        {
            ServerInfo = new() { Name = "pipeline", Title = "Pipeline", Version = Version },
            ServerInstructions = Instructions.Text,
            Capabilities = new() { Tools = new() { ListChanged = false } },
            ScopeRequests = true,
        };
        options.Handlers.ListToolsHandler = (_, _) => ValueTask.FromResult(new ListToolsResult { Tools = [.. shelf.ListedFor(connection.Limits).Select(tool => tool.Tool.ProtocolTool)] });
        options.Handlers.CallToolHandler = (request, cancellation) =>
            shelf.Find(request.Params.Name)!.Tool.InvokeAsync(request, cancellation);
        var errors = new ErrorFilter(logs.CreateLogger<ErrorFilter>());
        options.Filters.Request.CallToolFilters.Add(errors.Wrap);
        options.Filters.Request.CallToolFilters.Add(new GateFilter(shelf, connection).Wrap);
        options.Filters.Request.CallToolFilters.Add(new ArgumentFilter(shelf, connection).Wrap);
        options.Filters.Request.CallToolFilters.Add(RefusalFilter.Wrap);
        options.Filters.Request.CallToolFilters.Add(new AnswerFilter(shelf).Wrap);
        return options;
    }
}
