using System.CommandLine;
using Pipeline.McpServer.Stdio;

namespace Pipeline.McpServer.Commands;

/// <summary>MCP over standard input and output.</summary>
public static class StdioCommand
{
    /// <summary>Makes the command; <paramref name="compose"/> is needed only with <c>--in-process</c>.</summary>
    public static Command Create(Compose compose)
    {
        var data = DataOption.Create();
        var inProcess = new Option<bool>("--in-process") { Description = "Own the data folder in this process instead of sharing it" };
        var limits = new LimitOptions();
        var command = new Command("stdio", "Speak MCP over stdin and stdout, sharing the data folder with every other client") { data, inProcess };
        limits.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            using var signals = new StopSignals();
            var folder = parsed.GetValue(data)!;
            if (parsed.GetValue(inProcess))
            {
                return await InProcess.RunAsync(folder, limits.Read(parsed), compose, signals.Token).ConfigureAwait(false);
            }

            await RelayRun.RunAsync(folder, limits.Read(parsed), TimeProvider.System, signals.Token).ConfigureAwait(false);
            return 0;
        });
        return command;
    }
}
