using ModelContextProtocol.Server;
using Pipeline.McpServer.Auth;
using Pipeline.McpServer.Commands;
using Pipeline.McpServer.Connections;
using Pipeline.Storage;

namespace Pipeline.McpServer.Stdio;

/// <summary>Everything in this one process: for containers, where nothing else will ever use the folder.</summary>
internal static class InProcess
{
    /// <summary>Serves the standard streams; 1 when another process owns the folder.</summary>
    public static async Task<int> RunAsync(string dataFolder, ConnectionLimits limits, Compose compose, CancellationToken stop)
    {
        using var folder = DataFolder.TryOwn(dataFolder);
        if (folder is null)
        {
            await Console.Error.WriteLineAsync($"Another process owns {Path.GetFullPath(dataFolder)}. Leave out --in-process to share it.").ConfigureAwait(false);
            return 1;
        }

        await using var composition = await compose(folder, stop).ConfigureAwait(false);
        var connection = new Connection
        {
            Caller = Identity.Operator with { Principal = Environment.GetEnvironmentVariable("PIPELINE_AGENT") is { Length: > 0 } agent ? agent : null, Suffix = "stdio" },
            Limits = limits,
        };
        var options = composition.Servers.OptionsFor(connection);
        using var attached = new Subscriptions(composition.Changes, composition.MaySee, stop).Attach(options, connection);
        await using var transport = new StreamServerTransport(Console.OpenStandardInput(), Console.OpenStandardOutput(), "stdio", composition.Servers.Logs);
        await using var server = composition.Servers.Create(transport, options);
        var ended = await Task.WhenAny(server.RunAsync(stop), composition.Failed).ConfigureAwait(false);
        if (ended == composition.Failed)
        {
            await Console.Error.WriteLineAsync((await composition.Failed.ConfigureAwait(false)).Message).ConfigureAwait(false);
            return 1;
        }

        return 0;
    }
}
