using ModelContextProtocol.Protocol;
using Pipeline.McpServer.Auth;
using Pipeline.McpServer.Connections;

namespace Pipeline.McpServer.Http;

/// <summary>Serves clients of the handshake era: sessions that <c>initialize</c> opens, their stream and their end.</summary>
internal sealed class LegacyRequests(HttpDoorOptions options, LegacySessions sessions, TimeProvider time, CancellationToken stopping)
{
    private const string SessionHeader = "Mcp-Session-Id";

    public async Task PostAsync(HttpContext context, JsonRpcMessage message, Connection connection)
    {
        var id = (message as JsonRpcRequest)?.Id ?? default;
        var (session, refusal) = await SessionForAsync(context, message, connection).ConfigureAwait(false);
        if (session is null || !session.TryUse())
        {
            await (refusal ?? Unknown).WriteAsync(context, id).ConfigureAwait(false);
            return;
        }

        try
        {
            context.Response.Headers[SessionHeader] = session.Id;
            await AnswerAsync(context, message, session).ConfigureAwait(false);
        }
        finally
        {
            session.Release();
        }
    }

    public async Task GetAsync(HttpContext context, Identity caller)
    {
        if (!RequestBody.Accepts(context.Request, "text/event-stream"))
        {
            await new Refusal(StatusCodes.Status406NotAcceptable, Refusal.InvalidRequest, "Accept must name text/event-stream.")
                .WriteAsync(context).ConfigureAwait(false);
            return;
        }

        var (session, refusal) = Find(context, caller);
        if (session is null || !session.TryUse())
        {
            await (refusal ?? Unknown).WriteAsync(context).ConfigureAwait(false);
            return;
        }

        try
        {
            await ListenAsync(context, session).ConfigureAwait(false);
        }
        finally
        {
            session.Release();
        }
    }

    public async Task DeleteAsync(HttpContext context, Identity caller)
    {
        var (session, refusal) = Find(context, caller);
        if (session is null)
        {
            // Ending what is not there is done already; only another's session is worth a refusal.
            await (refusal is { Status: StatusCodes.Status403Forbidden } ? refusal.WriteAsync(context) : Task.CompletedTask).ConfigureAwait(false);
            return;
        }

        await sessions.EndAsync(session).ConfigureAwait(false);
    }

    private static Refusal Unknown => new(StatusCodes.Status404NotFound, Refusal.UnknownSession, "Session not found");

    private async Task<(LegacySession? Session, Refusal? Refusal)> SessionForAsync(HttpContext context, JsonRpcMessage message, Connection connection)
    {
        if (context.Request.Headers.ContainsKey(SessionHeader))
        {
            return Find(context, connection.Caller);
        }

        if (message is not JsonRpcRequest { Method: RequestMethods.Initialize })
        {
            return (null, Refusal.BadRequest($"A request without {SessionHeader} must be initialize, or carry the metadata of {ProtocolVersions.Modern}."));
        }

        var session = await sessions.CreateAsync(connection).ConfigureAwait(false);
        if (session is null)
        {
            context.Response.Headers.RetryAfter = "5";
            return (null, new Refusal(StatusCodes.Status503ServiceUnavailable, Refusal.InvalidRequest, "Too many sessions; try again later."));
        }

        return (session, null);
    }

    private (LegacySession? Session, Refusal? Refusal) Find(HttpContext context, Identity caller)
    {
        var id = context.Request.Headers[SessionHeader].ToString();
        if (id.Length == 0)
        {
            return (null, Refusal.BadRequest($"The {SessionHeader} header is missing."));
        }

        var session = sessions.Find(id);
        if (session is null)
        {
            return (null, Unknown);
        }

        return session.Owner.Principal == caller.Principal
            ? (session, null)
            : (null, new Refusal(StatusCodes.Status403Forbidden, Refusal.InvalidRequest, "The session belongs to another principal."));
    }

    private async Task AnswerAsync(HttpContext context, JsonRpcMessage message, LegacySession session)
    {
        EventStream.Begin(context);
        using var limit = new CancellationTokenSource(options.RequestTimeout, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, limit.Token);
        await using var body = new EventStreamBody(context.Response.Body, options.KeepAlive, time);
        try
        {
            if (!await session.PostAsync(message, body, ending.Token).ConfigureAwait(false) && !context.Response.HasStarted)
            {
                context.Response.Headers.ContentType = default;
                context.Response.StatusCode = StatusCodes.Status202Accepted;
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // In this era a broken connection is not a cancellation: the call goes on, only its stream is gone.
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && message is JsonRpcRequest request)
        {
            await EventStream.WriteTimeoutAsync(body, request.Id, options.RequestTimeout, context.RequestAborted).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            context.Abort(); // The session was ended under this request.
        }
    }

    private async Task ListenAsync(HttpContext context, LegacySession session)
    {
        if (!session.TryListen())
        {
            await Refusal.BadRequest("The session's stream is open already, and there is only one.").WriteAsync(context).ConfigureAwait(false);
            return;
        }

        context.Response.Headers[SessionHeader] = session.Id;
        EventStream.Begin(context);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        await using var body = new EventStreamBody(context.Response.Body, options.KeepAlive, time);
        try
        {
            await session.Transport.HandleGetRequestAsync(body, ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The client left or the server ends: how such a stream always closes.
        }
    }
}
