using System.CommandLine;
using ModelContextProtocol;
using Pipeline.McpServer.Commands.Calling;
using Pipeline.McpServer.Serving;
using Pipeline.Storage;
using Pipeline.Storage.State;
using Pipeline.Tools;
using Pipeline.Tools.Assets;

namespace Pipeline.McpServer.Commands;

/// <summary>Holds every stored byte against what it should be. It reads only, beside a running server or without one.</summary>
public static class ScrubCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var data = DataOption.Create();
        var json = new Option<bool>("--json") { Description = "JSON on standard output" };
        var command = new Command("scrub", "Check every stored byte, the database and the audit log; exit 1 when something is wrong") { data, json };
        command.SetAction(async (parsed, _) =>
        {
            using var signals = new StopSignals();
            return await RunAsync(Path.GetFullPath(parsed.GetValue(data)!), parsed.GetValue(json), signals.Token).ConfigureAwait(false);
        });
        return command;
    }

    private static async Task<int> RunAsync(string dataFolder, bool json, CancellationToken cancellation)
    {
        await using IReading read = Settings.Postgres() is { } postgres ? new PostgresReading(postgres) : SqliteReading.Open(DataFolder.DatabaseOf(dataFolder), TimeProvider.System);
        using var line = new ProgressLine();
        var told = new Telling<ScrubProgress>(now => line.Report(new ProgressNotificationValue
        {
            Progress = now.Objects,
            Message = $"objects, {now.Bytes >> 20} MiB{(now.Damaged > 0 ? $", {now.Damaged} damaged" : "")}",
        }));
        var report = await new Scrub(read, ObjectStores.Keep(dataFolder), Toolbox.ObjectNames).RunAsync(told, cancellation).ConfigureAwait(false);
        line.Dispose();
        if (json)
        {
            Terminal.WriteJson(report, compact: true);
        }
        else
        {
            Show(report);
        }

        return report.Ok ? 0 : 1;
    }

    private static void Show(ScrubReport report)
    {
        foreach (var one in report.Damaged)
        {
            Console.Out.WriteLine($"{one.Problem,-8} {one.Sha256}  {(one.Assets.Count == 0 ? "an upload under way" : string.Join(", ", one.Assets))}");
        }

        foreach (var what in report.Database)
        {
            Console.Out.WriteLine($"database {what}");
        }

        foreach (var chain in report.Audit)
        {
            Console.Out.WriteLine($"audit    {(chain.Workspace.Length == 0 ? "the log above workspaces" : chain.Workspace)} from entry {chain.Sequence} on");
        }

        Console.Out.WriteLine($"{report.ObjectsChecked} objects, {report.BytesRead >> 20} MiB: {(report.Ok ? "all as they were written." : $"{report.Damaged.Count} damaged.")}");
        if (report.Damaged.Count > 0)
        {
            Console.Out.WriteLine("A damaged object is never served. Put the same bytes again under any path and it is mended; or restore_asset an older version.");
        }

        if (report.Database.Count > 0)
        {
            Console.Out.WriteLine("The database is damaged: stop the server, keep a copy of the folder, and go back to a backup.");
        }
    }
}
