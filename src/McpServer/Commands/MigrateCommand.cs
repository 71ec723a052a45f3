using System.CommandLine;
using Pipeline.McpServer.Moving;
using Pipeline.McpServer.Serving;

namespace Pipeline.McpServer.Commands;

/// <summary>Moves a one-machine house to PostgreSQL, to a bucket, or to both.</summary>
public static class MigrateCommand
{
    private const string Connection = "PIPELINE_POSTGRES";

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var from = new Option<string>("--from") { HelpName = "DIR", Description = "The data folder to move; nothing in it is removed", Required = true };
        var postgres = new Option<string?>("--to-postgres")
        {
            HelpName = "CONN", Arity = ArgumentArity.ZeroOrOne, Description = $"Move the rows to this empty database; without a value, to that of {Connection}, which keeps the password out of sight",
        };
        var objects = new Option<bool>("--to-s3") { Description = "Move the objects to the bucket of PIPELINE_S3_*" };
        var wait = new Option<bool>("--wait") { Description = "Copy what can be copied beside the running server, then wait until it has been stopped" };
        var json = new Option<bool>("--json") { Description = "JSON on standard output" };
        var command = new Command("migrate", "Move a house to PostgreSQL and S3; interrupted, it goes on when it is run again. Exit 1 says what differs") { from, postgres, objects, wait, json };
        command.SetAction(async (parsed, _) =>
        {
            using var signals = new StopSignals();
            var rows = parsed.GetResult(postgres) is not null;
            if (!rows && !parsed.GetValue(objects))
            {
                throw new WrongUsageException("Say where to: --to-postgres, --to-s3, or both.");
            }

            var settings = new MoveSettings
            {
                From = Path.GetFullPath(parsed.GetValue(from)!),
                Postgres = !rows ? null : parsed.GetValue(postgres) ?? Settings.Read(Connection) ?? throw new WrongUsageException($"--to-postgres takes an Npgsql connection string; or set {Connection}."),
                Objects = !parsed.GetValue(objects) ? null
                    : Settings.S3() ?? throw new WrongUsageException("--to-s3 takes the bucket from PIPELINE_S3_ENDPOINT, PIPELINE_S3_BUCKET, PIPELINE_S3_ACCESS_KEY and PIPELINE_S3_SECRET_KEY; none of them is set."),
                Waits = parsed.GetValue(wait),
            };
            var report = await new HouseMove(settings, TimeProvider.System, Terminal.Say).RunAsync(signals.Token).ConfigureAwait(false);
            if (parsed.GetValue(json))
            {
                Terminal.WriteJson(report, compact: true);
            }
            else
            {
                Show(report);
            }

            return report.Ok ? 0 : 1;
        });
        return command;
    }

    private static void Show(MoveReport report)
    {
        if (report.Tables.Count > 0)
        {
            var width = report.Tables.Max(table => table.Table.Length);
            Console.Out.WriteLine($"{"table".PadRight(width)}  {"rows",10}  {"there",10}  same  highest");
            foreach (var table in report.Tables)
            {
                var highest = string.Join(", ", table.Highest.Select(column => $"{column.Column} {column.There}"));
                Console.Out.WriteLine($"{table.Table.PadRight(width)}  {table.Rows,10}  {table.RowsThere,10}  {(table.Same ? "yes " : "NO  ")}  {highest}".TrimEnd());
            }
        }

        if (report.ObjectsMoved is { } objects)
        {
            Console.Out.WriteLine($"{objects.Named} objects, {objects.Sent} sent ({objects.SentBytes >> 20} MiB), {objects.Named - objects.Problems.Count} in the bucket as they should be.");
        }

        foreach (var problem in report.Problems)
        {
            Console.Out.WriteLine(problem);
        }

        if (!report.Ok)
        {
            Console.Out.WriteLine($"Nothing has moved: {report.From} is the house as before. Mend this and run the same again.");
            return;
        }

        Console.Out.WriteLine($"{(report.AlreadyMoved ? "The house has moved already" : "The house has moved")}: {string.Join(" and ", new[] { report.Postgres, report.Objects }.OfType<string>())}. Serve it with");
        foreach (var (name, value) in report.Environment)
        {
            Console.Out.WriteLine($"  {name}={value}");
        }

        Console.Out.WriteLine($"{report.From} still holds what it held; it is not served without these settings. To go back before anyone has used the new place, remove {MovedMark.FileOf(report.From)}.");
    }
}
