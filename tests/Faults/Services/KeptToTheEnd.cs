using System.Collections.Concurrent;

namespace Pipeline.Faults.Services;

/// <summary>What tests share until the last one is done. A fixture of the assembly: whatever is left to the end of the process has ten seconds there.</summary>
public sealed class KeptToTheEnd : IAsyncDisposable
{
    private static readonly ConcurrentBag<IAsyncDisposable> Kept = [];

    /// <summary>Takes it away in the end.</summary>
    public static void Add(IAsyncDisposable kept) => Kept.Add(kept);

    public async ValueTask DisposeAsync() => await Parallel.ForEachAsync(Kept, static (kept, _) => kept.DisposeAsync()).ConfigureAwait(false);
}
