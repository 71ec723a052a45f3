using System.CommandLine;
using Pipeline.McpServer.Stdio;

namespace Pipeline.McpServer.Commands;

/// <summary>The owner that a relay starts in the background; nobody types it.</summary>
public static class OwnCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Compose compose)
    {
        var data = DataOption.Create();
        var command = new Command(OwnerStart.Verb, "Own a data folder in the background") { data };
        command.Hidden = true;
        command.SetAction(async (parsed, _) =>
        {
            OwnSession.Begin();
            using var signals = new StopSignals();
            return await OwnerRun.RunAsync(parsed.GetValue(data)!, LimitOptions.OfEnvironment(), compose, TimeProvider.System, signals.Token).ConfigureAwait(false);
        });
        return command;
    }
}
