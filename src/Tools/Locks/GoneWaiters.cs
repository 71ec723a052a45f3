using Pipeline.Storage.State;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Locks;

/// <summary>
/// Takes the calls of nodes that died out of the queue within seconds; until then whoever is behind them waits. A node that has only lost its connection
/// for a moment is back by the second look.
/// </summary>
public sealed class GoneWaiters(IDatabase database, TimeProvider time) : IBackgroundWork
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1.5);

    public async Task RunAsync(CancellationToken cancellation)
    {
        IReadOnlyList<string> suspects = [];
        while (database.Node.Length > 0)
        {
            await Task.Delay(Tick, time, cancellation).ConfigureAwait(false);
            var waiting = await database.ReadAsync(query => LockWaitersTable.NodesAsync(query, database.Node), cancellation).ConfigureAwait(false);
            var gone = waiting.Count == 0 ? [] : await database.GoneAsync(waiting, cancellation).ConfigureAwait(false);
            foreach (var node in gone.Intersect(suspects))
            {
                await database.RelieveAsync(tx => ForgetAsync(tx, node), cancellation).ConfigureAwait(false);
            }

            suspects = gone;
        }
    }

    private static async ValueTask<bool> ForgetAsync(ITransaction tx, string node)
    {
        foreach (var ticket in await LockWaitersTable.OfNodeAsync(tx, node).ConfigureAwait(false))
        {
            await LockBook.LeaveAsync(tx, ticket).ConfigureAwait(false);
        }

        return true;
    }
}
