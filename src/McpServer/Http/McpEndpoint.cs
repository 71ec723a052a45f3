using ModelContextProtocol.Protocol;
using Pipeline.McpServer.Auth;
using Pipeline.McpServer.Connections;

namespace Pipeline.McpServer.Http;

/// <summary>MCP at <c>/mcp</c>. Each message shows its own era: one that carries its metadata is served by itself, any other belongs to a session.</summary>
internal sealed class McpEndpoint(HttpDoorOptions options, ConnectionLimits limits, Bearer bearer, ModernRequest modern, LegacyRequests legacy)
{
    public const string Path = "/mcp";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Path, PostAsync);
        routes.MapGet(Path, context => WithoutBodyAsync(context, legacy.GetAsync));
        routes.MapDelete(Path, context => WithoutBodyAsync(context, legacy.DeleteAsync));
    }

    private async Task PostAsync(HttpContext context)
    {
        if (bearer.Identify(context.Request) is not { } caller)
        {
            await Bearer.ChallengeAsync(context).ConfigureAwait(false);
            return;
        }

        var (message, refusal) = await RequestBody.ReadAsync(context, options.MaxBodyBytes).ConfigureAwait(false);
        refusal ??= ProtocolHeaders.CheckVersion(context.Request, message!);
        if (refusal is not null)
        {
            await refusal.WriteAsync(context, (message as JsonRpcRequest)?.Id ?? default).ConfigureAwait(false);
            return;
        }

        var connection = new Connection
        {
            Caller = caller,
            Limits = limits,
            BaseUrl = new Uri($"{context.Request.Scheme}://{context.Request.Host}"),
        };
        await (ProtocolVersions.IsModern(ProtocolHeaders.VersionOf(context.Request))
            ? modern.ServeAsync(context, message!, connection)
            : legacy.PostAsync(context, message!, connection)).ConfigureAwait(false);
    }

    private async Task WithoutBodyAsync(HttpContext context, Func<HttpContext, Identity, Task> serve)
    {
        if (bearer.Identify(context.Request) is not { } caller)
        {
            await Bearer.ChallengeAsync(context).ConfigureAwait(false);
            return;
        }

        var version = ProtocolHeaders.VersionOf(context.Request);
        if (version is not null && !ProtocolVersions.All.Contains(version))
        {
            await Refusal.UnsupportedVersion(version).WriteAsync(context).ConfigureAwait(false);
        }
        else if (ProtocolVersions.IsModern(version))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            await new Refusal(StatusCodes.Status405MethodNotAllowed, Refusal.InvalidRequest, $"Protocol version {version} knows only POST here.")
                .WriteAsync(context).ConfigureAwait(false);
        }
        else
        {
            await serve(context, caller).ConfigureAwait(false);
        }
    }
}
