namespace Pipeline.Bench.Rivals;

/// <summary>A lock service of others, run beside ours on the same disk.</summary>
internal interface IRivalLock : IAsyncDisposable
{
    /// <summary>What it is and how it was set.</summary>
    string Name { get; }

    /// <summary>A connection for the caller of that number.</summary>
    Task<IRivalCaller> ConnectAsync(int caller);
}

/// <summary>One connection to it.</summary>
internal interface IRivalCaller : IAsyncDisposable
{
    /// <summary>Takes the caller's lock and gives it back.</summary>
    Task PairAsync();
}
