using System.Security.Cryptography;
using Pipeline.McpServer.Connections;

namespace Pipeline.McpServer.Stdio;

/// <summary>The relay of this process: its own standard streams and the owner of a data folder.</summary>
internal static class RelayRun
{
    public static async Task RunAsync(string dataFolder, ConnectionLimits limits, TimeProvider time, CancellationToken stop)
    {
        var root = Path.GetFullPath(dataFolder);
        var hello = new Hello
        {
            Build = Build.Stamp,
            Agent = Environment.GetEnvironmentVariable("PIPELINE_AGENT") is { Length: > 0 } agent ? agent : null,
            Suffix = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3)),
            Toolsets = limits.Toolsets,
            Tools = limits.Tools,
            ExcludeTools = limits.ExcludeTools,
            ReadOnly = limits.ReadOnly,
            ImportRoots = limits.ImportRoots,
            ExportRoots = limits.ExportRoots,
        };
        using var input = Console.OpenStandardInput();
        using var output = Console.OpenStandardOutput();
        await using var relay = new Relay(root, new OwnerConnector(root, hello, () => OwnerStart.Start(root), time), input, output, time);
        await relay.RunAsync(stop).ConfigureAwait(false);
    }
}
