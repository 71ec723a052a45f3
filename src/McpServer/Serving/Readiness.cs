using Pipeline.Storage.State;

namespace Pipeline.McpServer.Serving;

/// <summary>Whether this node should be sent work: its state store answers, and soon.</summary>
public static class Readiness
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(2);

    /// <summary>False when the store fails or takes longer than two seconds.</summary>
    public static async ValueTask<bool> IsReadyAsync(IDatabase database, CancellationToken cancellation)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(Within);
        try
        {
            return await database.ReadAsync(query => query.FirstAsync<long>("select 1"), limited.Token).WaitAsync(limited.Token).ConfigureAwait(false) == 1;
        }
        catch (Exception failure) when (failure is StorageFailedException || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }
}
