using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Pipeline.McpServer.Stdio;

/// <summary>Counts requests between their arrival and their answer. A listening stream is no call: it never ends by itself.</summary>
internal sealed class CallsInFlight
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _none;
    private int _count;

    /// <summary>The message filter that counts.</summary>
    public McpMessageHandler Count(McpMessageHandler next) => async (context, cancellation) =>
    {
        if (context.JsonRpcMessage is not JsonRpcRequest request || request.Method == RequestMethods.SubscriptionsListen)
        {
            await next(context, cancellation).ConfigureAwait(false);
            return;
        }

        Add(1);
        try
        {
            await next(context, cancellation).ConfigureAwait(false);
        }
        finally
        {
            Add(-1);
        }
    };

    /// <summary>Completes once no call is in flight.</summary>
    public Task WhenNone()
    {
        lock (_gate)
        {
            if (_count == 0)
            {
                return Task.CompletedTask;
            }

            _none ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _none.Task;
        }
    }

    private void Add(int change)
    {
        lock (_gate)
        {
            _count += change;
            if (_count == 0)
            {
                _none?.TrySetResult();
                _none = null;
            }
        }
    }
}
