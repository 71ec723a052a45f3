using System.Collections.Concurrent;
using System.Threading.Channels;
using ModelContextProtocol.Protocol;

namespace Pipeline.Bench.Doors;

/// <summary>Hands messages to a server as objects: no bytes, no second process, nothing but the server's own work to measure.</summary>
internal sealed class MessageTransport : ITransport
{
    private readonly Channel<JsonRpcMessage> _incoming = Channel.CreateUnbounded<JsonRpcMessage>();
    private readonly ConcurrentDictionary<RequestId, TaskCompletionSource<JsonRpcMessage>> _waiting = new();

    public string? SessionId => null;

    public ChannelReader<JsonRpcMessage> MessageReader => _incoming.Reader;

    public Task<JsonRpcMessage> AskAsync(JsonRpcRequest request)
    {
        var answer = new TaskCompletionSource<JsonRpcMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[request.Id] = answer;
        _incoming.Writer.TryWrite(request);
        return answer.Task;
    }

    public void Tell(JsonRpcNotification notification) => _incoming.Writer.TryWrite(notification);

    public Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        if (message is JsonRpcMessageWithId { Id: var id } and not JsonRpcRequest && _waiting.TryRemove(id, out var answer))
        {
            answer.SetResult(message);
        }

        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _incoming.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }
}
