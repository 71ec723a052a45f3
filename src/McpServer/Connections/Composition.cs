using Pipeline.McpServer.Http;
using Pipeline.Storage.State;

namespace Pipeline.McpServer.Connections;

/// <summary>What the doors open onto: everything an owner of a data folder runs, put together once.</summary>
public sealed class Composition : IAsyncDisposable
{
    /// <summary>Makes the server of each connection.</summary>
    public required ServerFactory Servers { get; init; }

    /// <summary>Carries changes to listening clients.</summary>
    public ChangeFeed Changes { get; init; } = new();

    /// <summary>Whether a connection may hear of changes to a resource.</summary>
    public Func<Connection, string, CancellationToken, ValueTask<bool>> MaySee { get; init; } = static (_, _, _) => ValueTask.FromResult(true);

    /// <summary>Whether runs, deliveries or ingests still wait: while they do, an owner without clients stays.</summary>
    public Func<CancellationToken, ValueTask<bool>> HasWork { get; init; } = static _ => ValueTask.FromResult(false);

    /// <summary>Ends the waits of calls in flight, each with its ordinary answer: called when the server is about to stop.</summary>
    public Action StopWaiting { get; init; } = static () => { };

    /// <summary>Whether calls can be served: the answer of <c>/readyz</c>.</summary>
    public Func<CancellationToken, ValueTask<bool>> Ready { get; init; } = static _ => ValueTask.FromResult(true);

    /// <summary>Adds HTTP routes beside <c>/mcp</c>; each asks the bearer who calls, or proves it in its own way.</summary>
    public Action<IEndpointRouteBuilder, Bearer> MapRoutes { get; init; } = static (_, _) => { };

    /// <summary>Ends, with the reason, when the store can no longer be written: the process must end then and be started again.</summary>
    public Task<StorageFailedException> Failed { get; init; } = new TaskCompletionSource<StorageFailedException>().Task;

    /// <summary>Ends what was started.</summary>
    public Func<ValueTask> Close { get; init; } = static () => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => Close();
}
