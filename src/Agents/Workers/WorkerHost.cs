using Pipeline.Agents.Connecting;
using Pipeline.Agents.ModelClients;

namespace Pipeline.Agents.Workers;

/// <summary>Runs a worker program: what the command line's <c>work</c> calls.</summary>
public static class WorkerHost
{
    /// <summary>Works until <paramref name="stop"/> is asked for, then finishes or gives back what is in hand.</summary>
    /// <exception cref="ArgumentException">A capability is asked for that no craft here does.</exception>
    /// <exception cref="ServerUnreachable">The server was away for longer than <see cref="WorkerOptions.Outage"/>.</exception>
    /// <exception cref="ToolRefused">The server does not let this worker claim.</exception>
    public static async Task RunAsync(WorkerOptions options, IProgress<WorkerEvent>? progress, CancellationToken stop)
    {
        var crafts = CraftBook.All(Transcriber.FromEnvironment(), ChatModels.FromEnvironment());
        var known = crafts.SelectMany(craft => craft.Capabilities).ToHashSet(StringComparer.Ordinal);
        if (options.Capabilities.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw new ArgumentException($"There is no craft for '{unknown}'; there are {string.Join(", ", known.Order())}.");
        var offered = options.Capabilities.Count > 0 ? options : options with { Capabilities = [.. known.Except(CraftBook.Directors)] };
        // Each hand is an agent of its own: locks tell agents apart, and one that waits for itself would wait for ever.
        await Task.WhenAll(Enumerable.Range(1, options.Concurrency).Select(hand => Task.Run(() => WorkAsync(offered, crafts, hand, progress, stop), CancellationToken.None))).ConfigureAwait(false);
    }

    private static async Task WorkAsync(WorkerOptions options, IReadOnlyList<ICraft> crafts, int hand, IProgress<WorkerEvent>? progress, CancellationToken stop)
    {
        var name = options.Concurrency == 1 ? options.Name : $"{options.Name}.{hand}";
        var connection = new Connection(options.Server, name, options.Time, new Patience(options.Outage, Intent.Chance))
        {
            Waits = text => progress?.Report(new WorkerEvent(name, "waiting", null, null, null, text)),
        };
        await using (connection.ConfigureAwait(false))
        {
            await new Worker(connection, crafts, options, progress).RunAsync(stop).ConfigureAwait(false);
        }
    }
}
