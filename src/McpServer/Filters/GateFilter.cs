using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Pipeline.McpServer.Connections;
using Pipeline.McpServer.Serving;
using Pipeline.Tools.Contract;
using Role = Pipeline.Tools.Calls.Role;

namespace Pipeline.McpServer.Filters;

/// <summary>Lets a call through when its tool exists and the connection's role and limits allow it, listed or not.</summary>
internal sealed class GateFilter(ToolShelf shelf, Connection connection)
{
    public McpRequestHandler<CallToolRequestParams, CallToolResult> Wrap(McpRequestHandler<CallToolRequestParams, CallToolResult> next) => (request, cancellation) =>
    {
        var name = request.Params.Name;
        var about = ((connection.Limits.ExcludeTools.Contains(name) ? null : shelf.Find(name))
            ?? throw new McpProtocolException($"Unknown tool: '{Brief.Text(name, 100)}'", McpErrorCode.InvalidParams)).About;
        var role = connection.Caller.Role;
        if (about.Admin && role < Role.Admin)
        {
            throw new ForbiddenError("admin", Wire.Name(role));
        }

        if (about.Changes && (role < Role.Member || connection.Limits.ReadOnly))
        {
            throw new ForbiddenError("member", connection.Limits.ReadOnly ? "a read-only connection" : Wire.Name(role));
        }

        return next(request, cancellation);
    };
}
