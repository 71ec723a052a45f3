using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Pipeline.McpServer.Connections;

namespace Pipeline.McpServer.Http;

/// <summary>
/// Serves one self-contained request: a server of its own, one answer, and both are gone. A client that closes the stream has cancelled it.
/// </summary>
internal sealed class ModernRequest(HttpDoorOptions options, ServerFactory servers, Subscriptions subscriptions, TimeProvider time)
{
    /// <summary>Methods that the handshake era had and this one has not.</summary>
    private static readonly HashSet<string> Removed = new(StringComparer.Ordinal)
    {
        RequestMethods.Initialize, RequestMethods.Ping, RequestMethods.LoggingSetLevel,
        RequestMethods.ResourcesSubscribe, RequestMethods.ResourcesUnsubscribe,
    };

    public async Task ServeAsync(HttpContext context, JsonRpcMessage message, Connection connection)
    {
        if (message is not JsonRpcRequest request)
        {
            await AcceptAsync(context, message, connection).ConfigureAwait(false);
            return;
        }

        var server = servers.OptionsFor(connection);
        if (Check(context.Request, request, server) is { } refusal)
        {
            await refusal.WriteAsync(context, request.Id).ConfigureAwait(false);
            return;
        }

        using var attached = subscriptions.Attach(server, connection);
        await AnswerAsync(context, request, server).ConfigureAwait(false);
    }

    /// <summary>Nothing outlives a request here, so a notification has nothing to act on; it is checked and taken.</summary>
    private Task AcceptAsync(HttpContext context, JsonRpcMessage message, Connection connection)
    {
        var refusal = message is JsonRpcNotification
            ? ProtocolHeaders.CheckRouting(context.Request, message, method => RoutingParameterOf(method, servers.OptionsFor(connection)))
            : Refusal.BadRequest("This server asks clients nothing, so there is nothing to answer.");
        if (refusal is not null)
        {
            return refusal.WriteAsync(context);
        }

        context.Response.StatusCode = StatusCodes.Status202Accepted;
        return Task.CompletedTask;
    }

    private static Refusal? Check(HttpRequest http, JsonRpcRequest request, McpServerOptions server)
    {
        if (ProtocolHeaders.CheckRouting(http, request, method => RoutingParameterOf(method, server)) is { } refusal)
        {
            return refusal;
        }

        if (Removed.Contains(request.Method))
        {
            return new Refusal(
                StatusCodes.Status404NotFound, (int)McpErrorCode.MethodNotFound, $"Protocol version {ProtocolVersions.Modern} has no method '{request.Method}'.");
        }

        return request.Method == RequestMethods.ToolsCall
            && request.Params is JsonObject call
            && call["name"] is JsonValue name
            && name.TryGetValue(out string? tool)
            && server.ToolCollection?.TryGetPrimitive(tool, out var known) == true
            ? ParameterHeaders.Check(http, known.ProtocolTool.InputSchema, call["arguments"] as JsonObject)
            : null;
    }

    private static string? RoutingParameterOf(string method, McpServerOptions server) => method switch
    {
        RequestMethods.ToolsCall or RequestMethods.PromptsGet => "name",
        RequestMethods.ResourcesRead => "uri",
        _ => server.RequestHandlers?.FirstOrDefault(handler => handler.Method == method)?.RoutingNameParameter,
    };

    private async Task AnswerAsync(HttpContext context, JsonRpcRequest request, McpServerOptions serverOptions)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var listening = request.Method == RequestMethods.SubscriptionsListen;
        using var limit = new CancellationTokenSource(listening ? Timeout.InfiniteTimeSpan : options.RequestTimeout, time);
        using var late = limit.Token.UnsafeRegister(static ending => ((CancellationTokenSource)ending!).Cancel(), ending);

        request.Context = new JsonRpcMessageContext { ProtocolVersion = ProtocolVersions.Modern };
        EventStream.Begin(context);
        await using var body = new EventStreamBody(context.Response.Body, options.KeepAlive, time);
        await using var transport = new StreamableHttpServerTransport(servers.Logs) { Stateless = true };
        await using var server = servers.Create(transport, serverOptions);
        var running = server.RunAsync(ending.Token);
        try
        {
            await transport.HandlePostRequestAsync(request, body, first => SetStatus(context, first), ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client left, which is its way to cancel.
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            await EventStream.WriteTimeoutAsync(body, request.Id, options.RequestTimeout, context.RequestAborted).ConfigureAwait(false);
        }
        finally
        {
            await transport.DisposeAsync().ConfigureAwait(false);
            await ending.CancelAsync().ConfigureAwait(false);
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Some errors have an HTTP status of their own; it can be set only before the first byte.</summary>
    private static ValueTask SetStatus(HttpContext context, JsonRpcMessage? first)
    {
        if (first is JsonRpcError error && !context.Response.HasStarted)
        {
            context.Response.StatusCode = (McpErrorCode)error.Error.Code switch
            {
                McpErrorCode.MethodNotFound => StatusCodes.Status404NotFound,
                McpErrorCode.MissingRequiredClientCapability or McpErrorCode.UnsupportedProtocolVersion or McpErrorCode.HeaderMismatch
                    => StatusCodes.Status400BadRequest,
                _ => context.Response.StatusCode,
            };
        }

        return ValueTask.CompletedTask;
    }
}
