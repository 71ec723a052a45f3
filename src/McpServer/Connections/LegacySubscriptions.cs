using System.Collections.Concurrent;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Pipeline.McpServer.Connections;

/// <summary>The addresses one legacy session asked for, and the one loop that tells it of their changes.</summary>
internal sealed class LegacySubscriptions(ChangeFeed feed, CancellationToken stopping) : IDisposable
{
    private readonly ConcurrentDictionary<string, bool> _addresses = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    private int _started;

    public void Add(string uri, SdkServer server)
    {
        if (_addresses.Count >= Subscriptions.MaxAddresses)
        {
            throw new McpProtocolException(
                $"A session may subscribe to at most {Subscriptions.MaxAddresses} resources.", McpErrorCode.InvalidParams);
        }

        _addresses[uri] = true;
        if (Interlocked.Exchange(ref _started, 1) == 0)
        {
            _ = TellAsync(server, _ended.Token);
        }
    }

    public void Remove(string uri) => _addresses.TryRemove(uri, out _);

    public void Dispose() => _ended.Cancel();

    private async Task TellAsync(SdkServer server, CancellationToken ended)
    {
        using var listener = feed.Listen(change => change.Kind == ChangeKind.Resource && _addresses.ContainsKey(change.Uri!));
        while (await Subscriptions.NextAsync(listener, static () => false, ended).ConfigureAwait(false) is { } changes)
        {
            foreach (var change in changes)
            {
                var update = new JsonRpcNotification
                {
                    Method = Subscriptions.MethodOf(change),
                    Params = Subscriptions.ParametersOf(change),
                };
                await server.SendMessageAsync(update, ended).ConfigureAwait(false);
            }
        }
    }
}
