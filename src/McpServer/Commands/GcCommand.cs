using System.CommandLine;
using ModelContextProtocol.Protocol;
using Pipeline.McpServer.Commands.Calling;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Commands;

/// <summary>Asks the owner of a data folder to clear away what nobody names; it does so by itself every hour.</summary>
public static class GcCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var grace = new Option<double?>("--grace") { HelpName = "SECONDS", Description = "What is younger stays; 3600 or more (90000 if left out)" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only count" };
        var json = new Option<bool>("--json") { Description = "JSON on standard output" };
        var target = new TargetOptions();
        var command = new Command("gc", "Remove stored bytes that no asset names, and uploads past their time") { grace, dryRun, json };
        target.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            using var signals = new StopSignals();
            var arguments = new Dictionary<string, object?> { ["dry_run"] = parsed.GetValue(dryRun) };
            if (parsed.GetValue(grace) is { } seconds)
            {
                arguments["grace_seconds"] = seconds;
            }

            return await RunAsync(target.Read(parsed, null), arguments, parsed.GetValue(json), signals.Token).ConfigureAwait(false);
        });
        return command;
    }

    private static async Task<int> RunAsync(Target target, Dictionary<string, object?> arguments, bool json, CancellationToken cancellation)
    {
        var connected = await ToolClient.ConnectAsync(target, TimeProvider.System, cancellation).ConfigureAwait(false);
        await using (connected.ConfigureAwait(false))
        {
            var result = await connected.Client.CallToolAsync("collect_garbage", arguments, cancellationToken: cancellation).ConfigureAwait(false);
            if (json || result.IsError == true)
            {
                return await CallAnswer.ShowAsync(result, json, null, cancellation).ConfigureAwait(false);
            }

            Console.Out.WriteLine(Say(result));
            return 0;
        }
    }

    private static string Say(CallToolResult result)
    {
        var swept = Wire.Read<Swept>(result.StructuredContent!.Value.GetRawText());
        return $"{swept.ObjectsSeen} objects; {(swept.DryRun ? "would remove" : "removed")} {swept.ObjectsRemoved} that nothing names, "
            + $"{swept.UploadsExpired} uploads past their time and {swept.FilesRemoved} stray files: {swept.BytesFreed >> 10} KiB. {swept.VersionsExpired} intermediates of runs expired.";
    }
}
