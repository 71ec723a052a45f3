using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Pipeline.McpServer.Connections;
using Pipeline.McpServer.Serving;

namespace Pipeline.McpServer.Filters;

/// <summary>The way of every tool call of one connection: each filter in turn, then the tool. Errors come out as they were thrown.</summary>
internal sealed class ToolPath
{
    private readonly ToolShelf _shelf;

    public ToolPath(ToolShelf shelf, Connection connection)
    {
        _shelf = shelf;
        Filters = [new GateFilter(shelf, connection).Wrap, new ArgumentFilter(shelf, connection).Wrap, RefusalFilter.Wrap, new AnswerFilter(shelf).Wrap];
    }

    /// <summary>The outermost first.</summary>
    public IReadOnlyList<McpRequestFilter<CallToolRequestParams, CallToolResult>> Filters { get; }

    /// <summary>The tool itself.</summary>
    public ValueTask<CallToolResult> InvokeAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellation) =>
        _shelf.Find(request.Params.Name)!.Tool.InvokeAsync(request, cancellation);

    /// <summary>The whole way, for a call that the server makes in its caller's name.</summary>
    public ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellation) =>
        Filters.Reverse().Aggregate<McpRequestFilter<CallToolRequestParams, CallToolResult>, McpRequestHandler<CallToolRequestParams, CallToolResult>>(
            InvokeAsync, (next, filter) => filter(next))(request, cancellation);
}
