namespace Pipeline.Storage.State;

/// <summary>Reads and writes rows inside one transaction.</summary>
public interface ITransaction : IQuery
{
    /// <summary>Runs one statement and returns how many rows it changed.</summary>
    ValueTask<int> ExecuteAsync(string sql, object? parameters = null);

    /// <summary>Wakes the waiters of <paramref name="channel"/> once this transaction is durable, and never if it rolls back.</summary>
    void Notify(string channel);
}
