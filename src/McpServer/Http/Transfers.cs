using Pipeline.Tools.Calls;

namespace Pipeline.McpServer.Http;

/// <summary>The routes on which bytes move beside MCP.</summary>
public static class Transfers
{
    /// <summary>Adds <c>/upload/{token}</c>, <c>/download/{token}</c> and <c>/hooks/{provider}</c>.</summary>
    /// <param name="routes">The web application.</param>
    /// <param name="house">The services of the house, not those of the web application.</param>
    /// <param name="identify">Who calls; null when a key is asked for and is missing or unknown.</param>
    public static IEndpointRouteBuilder MapTransfers(this IEndpointRouteBuilder routes, IServiceProvider house, Func<HttpRequest, Caller?> identify)
    {
        UploadEndpoints.Map(routes, house, identify);
        DownloadEndpoints.Map(routes, house, identify);
        HookEndpoint.Map(routes, house);
        return routes;
    }
}
