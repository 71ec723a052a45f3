using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Pipeline.McpServer.Connections;

/// <summary>
/// Delivers changes in both eras: <c>subscriptions/listen</c> (a stream that its own request opened, acknowledged first, every message tagged
/// with its id) and the legacy <c>resources/subscribe</c> with notifications on the session.
/// </summary>
/// <param name="feed">Where changes come from.</param>
/// <param name="maySee">Whether a connection may know of a resource's changes; an address it may not see is not granted.</param>
/// <param name="stopping">Ends every stream with its answer.</param>
public sealed class Subscriptions(
    ChangeFeed feed,
    Func<Connection, string, CancellationToken, ValueTask<bool>> maySee,
    CancellationToken stopping)
{
    /// <summary>The most addresses one stream may name.</summary>
    public const int MaxAddresses = 1000;

    /// <summary>Sets the handlers of both eras on a connection's options. Dispose the answer when the connection ends.</summary>
    public IDisposable Attach(McpServerOptions options, Connection connection)
    {
        options.Capabilities ??= new ServerCapabilities();
        if (options.ResourceCollection is not null || options.Handlers.ReadResourceHandler is not null)
        {
            options.Capabilities.Resources ??= new ResourcesCapability();
            options.Capabilities.Resources.Subscribe = true;
            options.Capabilities.Resources.ListChanged = true;
        }

        options.Handlers.SubscriptionsListenHandler = (request, cancellation) => ListenAsync(request, options, connection, cancellation);
        var legacy = new LegacySubscriptions(feed, stopping);
        options.Handlers.SubscribeToResourcesHandler = async (request, cancellation) =>
        {
            var uri = request.Params.Uri;
            if (!await maySee(connection, uri, cancellation).ConfigureAwait(false))
            {
                throw new McpProtocolException($"There is no resource at {uri}.", McpErrorCode.ResourceNotFound);
            }

            legacy.Add(uri, request.Server);
            return new EmptyResult();
        };
        options.Handlers.UnsubscribeFromResourcesHandler = (request, _) =>
        {
            legacy.Remove(request.Params.Uri);
            return ValueTask.FromResult(new EmptyResult());
        };
        return legacy;
    }

    private async ValueTask<EmptyResult> ListenAsync(
        RequestContext<SubscriptionsListenRequestParams> request, McpServerOptions options, Connection connection, CancellationToken cancellation)
    {
        var granted = await GrantAsync(request.Params.Notifications, options, connection, cancellation).ConfigureAwait(false);
        var id = JsonSerializer.SerializeToNode(request.JsonRpcRequest.Id, McpJsonUtilities.DefaultOptions);
        using var listener = feed.Listen(change => IsGranted(granted, change));
        await SendAsync(request.Server, NotificationMethods.SubscriptionsAcknowledgedNotification, id, new JsonObject
        {
            ["notifications"] = JsonSerializer.SerializeToNode(granted, McpJsonUtilities.DefaultOptions),
        }, cancellation).ConfigureAwait(false);

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stopping);
        while (await NextAsync(listener, () => cancellation.IsCancellationRequested, ending.Token).ConfigureAwait(false) is { } changes)
        {
            foreach (var change in changes)
            {
                await SendAsync(request.Server, MethodOf(change), id, ParametersOf(change), cancellation).ConfigureAwait(false);
            }
        }

        return new EmptyResult { Meta = new JsonObject { [MetaKeys.SubscriptionId] = id?.DeepClone() } };
    }

    /// <summary>The next changes; null when the server itself is ending. The client's own leaving is an ordinary cancellation.</summary>
    internal static async Task<IReadOnlyList<Change>?> NextAsync(ChangeFeed.Listener listener, Func<bool> clientLeft, CancellationToken ending)
    {
        try
        {
            return await listener.TakeAsync(ending).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!clientLeft())
        {
            return null;
        }
    }

    private async Task<SubscriptionsListenNotifications> GrantAsync(
        SubscriptionsListenNotifications asked, McpServerOptions options, Connection connection, CancellationToken cancellation)
    {
        var addresses = asked.ResourceSubscriptions ?? [];
        if (addresses.Count > MaxAddresses)
        {
            throw new McpProtocolException($"resourceSubscriptions names {addresses.Count} addresses; at most {MaxAddresses} are taken.", McpErrorCode.InvalidParams);
        }

        var seen = new List<string>();
        foreach (var address in addresses)
        {
            if (await maySee(connection, address, cancellation).ConfigureAwait(false))
            {
                seen.Add(address);
            }
        }

        var hasResources = options.Capabilities?.Resources is not null;
        return new SubscriptionsListenNotifications
        {
            ToolsListChanged = asked.ToolsListChanged == true && options.ToolCollection is not null ? true : null,
            PromptsListChanged = asked.PromptsListChanged == true && options.PromptCollection is not null ? true : null,
            ResourcesListChanged = asked.ResourcesListChanged == true && hasResources ? true : null,
            ResourceSubscriptions = seen.Count > 0 ? seen : null,
        };
    }

    private static bool IsGranted(SubscriptionsListenNotifications granted, Change change) => change.Kind switch
    {
        ChangeKind.Resource => granted.ResourceSubscriptions?.Contains(change.Uri!) == true,
        ChangeKind.ResourceList => granted.ResourcesListChanged == true,
        ChangeKind.ToolList => granted.ToolsListChanged == true,
        _ => granted.PromptsListChanged == true,
    };

    internal static string MethodOf(Change change) => change.Kind switch
    {
        ChangeKind.Resource => NotificationMethods.ResourceUpdatedNotification,
        ChangeKind.ResourceList => NotificationMethods.ResourceListChangedNotification,
        ChangeKind.ToolList => NotificationMethods.ToolListChangedNotification,
        _ => NotificationMethods.PromptListChangedNotification,
    };

    internal static JsonObject ParametersOf(Change change) => change.Uri is null ? [] : new JsonObject { ["uri"] = change.Uri };

    private static Task SendAsync(SdkServer server, string method, JsonNode? subscription, JsonObject parameters, CancellationToken cancellation)
    {
        parameters["_meta"] = new JsonObject { [MetaKeys.SubscriptionId] = subscription?.DeepClone() };
        return server.SendMessageAsync(new JsonRpcNotification { Method = method, Params = parameters }, cancellation);
    }
}
