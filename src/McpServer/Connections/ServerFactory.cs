using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Pipeline.McpServer.Connections;

/// <summary>
/// Makes the MCP server of one connection. The doors know no tool: what a connection is offered comes from the delegate, which is asked
/// once for each connection and so must be cheap (share the tool collections between the options it returns).
/// </summary>
/// <param name="optionsFor">Fresh options for a connection: tools, prompts, resources, filters.</param>
/// <param name="services">Where tools take their dependencies from.</param>
/// <param name="logs">Where the SDK logs to; never stdout.</param>
public sealed class ServerFactory(Func<Connection, McpServerOptions> optionsFor, IServiceProvider? services, ILoggerFactory logs)
{
    /// <summary>The logs of the doors.</summary>
    public ILoggerFactory Logs => logs;

    /// <summary>Fresh options for a connection.</summary>
    public McpServerOptions OptionsFor(Connection connection) => optionsFor(connection);

    /// <summary>The server of a connection, not yet running. Never shared between two clients.</summary>
    public SdkServer Create(ITransport transport, McpServerOptions options) => SdkServer.Create(transport, options, logs, services);
}
