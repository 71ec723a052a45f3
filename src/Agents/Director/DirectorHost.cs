using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Director;

/// <summary>Runs a director program: what the command line's <c>direct</c> calls.</summary>
public static class DirectorHost
{
    /// <summary>Makes the film, or goes on making it. Cancelling leaves the run as it is; <see cref="DirectorOptions.Resume"/> takes it up again.</summary>
    /// <exception cref="ArgumentException">Neither something to resume nor a brief with its footage.</exception>
    /// <exception cref="ServerUnreachable">The server was away for longer than <see cref="DirectorOptions.Outage"/>.</exception>
    /// <exception cref="ToolRefused">The server refused what the director cannot do without.</exception>
    public static async Task<DirectorResult> RunAsync(DirectorOptions options, IProgress<DirectorEvent>? progress, CancellationToken ct)
    {
        var connection = new Connection(options.Server, options.Name, options.Time, new Patience(options.Outage, Intent.Chance))
        {
            Waits = text => progress?.Report(new DirectorEvent("notice", text)),
        };
        await using (connection.ConfigureAwait(false))
        {
            return await new DirectorAgent(connection, options, progress).InvokeAsync(ct).ConfigureAwait(false);
        }
    }
}
