using System.Reflection;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Pipeline.McpServer.Connections;
using Pipeline.McpServer.Filters;
using Pipeline.McpServer.Prompts;
using Pipeline.McpServer.Resources;
using Pipeline.Storage.Objects;
using Pipeline.Storage.State;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Models;

namespace Pipeline.McpServer.Serving;

/// <summary>Makes the SDK's options for one connection: its tools, resources and prompts, and the filters through which each call passes.</summary>
public sealed class ServerOptionsFactory(ToolShelf shelf, IDatabase database, IObjectStore objects, DownloadLinks links, CatalogueBook catalogue, ILoggerFactory logs)
{
    private static readonly string Version = typeof(ServerOptionsFactory).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private readonly ResourceShelf _resources = new(new AssetCatalog(database), new AssetContents(database, objects, links), shelf);
    private readonly Completions _completions = new(database, catalogue);

    /// <summary>Options for one connection or, over stateless HTTP, for one request.</summary>
    public McpServerOptions Make(Connection connection)
    {
        var options = new McpServerOptions
        {
            ServerInfo = new() { Name = "pipeline", Title = "Pipeline", Version = Version },
            ServerInstructions = Instructions.Text,
            Capabilities = new() { Tools = new() { ListChanged = false }, Prompts = new() { ListChanged = false } },
            ScopeRequests = true,
        };
        options.Handlers.ListToolsHandler = (_, _) => ValueTask.FromResult(new ListToolsResult { Tools = [.. shelf.ListedFor(connection.Limits).Select(tool => tool.Tool.ProtocolTool)] });
        options.Filters.Message.IncomingFilters.Add(ParameterFilter.Wrap);
        var path = new ToolPath(shelf, connection);
        options.Handlers.CallToolHandler = path.InvokeAsync;
        options.Filters.Request.CallToolFilters.Add(new ErrorFilter(logs.CreateLogger<ErrorFilter>()).Wrap);
        foreach (var filter in path.Filters)
        {
            options.Filters.Request.CallToolFilters.Add(filter);
        }

        _resources.Attach(options, connection);
        PromptShelf.Attach(options);
        _completions.Attach(options, connection);
        return options;
    }
}
