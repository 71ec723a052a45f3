using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Pipeline.McpServer.Connections;
using Pipeline.McpServer.Filters;
using Pipeline.McpServer.Serving;
using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Resources;

/// <summary>What a connection may read beside its tools: assets and runs, by address.</summary>
internal sealed class ResourceShelf(AssetCatalog catalog, AssetContents assets, ToolShelf tools)
{
    /// <summary>A version never changes, but who may read it can.</summary>
    private static readonly TimeSpan VersionLives = TimeSpan.FromMinutes(10);

    private static readonly ResourceTemplate[] Templates =
    [
        new() { UriTemplate = "asset://{workspace}/{+path}@{version}", Name = "asset", Title = "Asset", Description = "One version of an asset, up to 1 MiB." },
        new() { UriTemplate = "run://{run_id}", Name = "run", Title = "Run", Description = "A run's live state, as get_run gives it.", MimeType = "application/json" },
    ];

    /// <summary>Sets the handlers on a connection's options.</summary>
    public void Attach(McpServerOptions options, Connection connection)
    {
        var path = new ToolPath(tools, connection);
        options.Handlers.ListResourcesHandler = async (request, cancellation) =>
            await catalog.PageAsync(connection.CallerFor(request.Server.ClientInfo?.Name), request.Params?.Cursor, cancellation).ConfigureAwait(false);
        options.Handlers.ListResourceTemplatesHandler = (_, _) => ValueTask.FromResult(new ListResourceTemplatesResult { ResourceTemplates = [.. Templates] });
        options.Handlers.ReadResourceHandler = async (request, cancellation) => await ReadAsync(request, connection, path, cancellation).ConfigureAwait(false);
        options.Filters.Request.ListResourcesFilters.Add(ProtocolErrorFilter.Wrap);
        options.Filters.Request.ReadResourceFilters.Add(ProtocolErrorFilter.Wrap);
    }

    private async Task<ReadResourceResult> ReadAsync(
        RequestContext<ReadResourceRequestParams> request, Connection connection, ToolPath path, CancellationToken cancellation)
    {
        var uri = request.Params.Uri;
        var caller = connection.CallerFor(request.Server.ClientInfo?.Name);
        switch (ResourceAddress.Parse(uri))
        {
            case ResourceAddress.Asset asset:
                var contents = await assets.ReadAsync(caller, uri, asset.Name, connection.BaseUrl, cancellation).ConfigureAwait(false);
                return asset.Name.Version is null || !ProtocolErrorFilter.IsModern(request)
                    ? new() { Contents = [contents] }
                    : new() { Contents = [contents], TimeToLive = VersionLives, CacheScope = CacheScope.Private };
            case ResourceAddress.Run run when tools.Find("get_run") is not null:
                return new() { Contents = [await RunContents.ReadAsync(request, run.RunId, path, cancellation).ConfigureAwait(false)] };
            default:
                throw new NotFoundError("resource", uri);
        }
    }
}
