using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Pipeline.Bench.Reports;

/// <summary>The lines of one bench, as a table for people or as one JSON document.</summary>
internal sealed class Report(string bench, string operation)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    private const int PlainWidth = 132;

    private readonly List<Row> _rows = [];
    private readonly List<string> _notes = [];

    /// <summary>What the disk did by itself, flushes a second.</summary>
    public double FsyncsPerSecond { get; set; }

    public void Add(Row row) => _rows.Add(row);

    public void Note(string note) => _notes.Add(note);

    public void Print(bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { bench, operation, FsyncsPerSecond, rows = _rows, notes = _notes }, Json));
            return;
        }

        var table = new Table().Border(TableBorder.Simple).Title(operation);
        table.AddColumn("what");
        foreach (var head in (string[])["callers", "a second", "per fsync", "per server core", "server µs", "database µs", "p50 ms", "p95 ms", "p99 ms"])
        {
            table.AddColumn(new TableColumn(head).RightAligned().NoWrap());
        }

        foreach (var (what, result) in _rows)
        {
            table.AddRow(Markup.Escape(what), Text(result.Callers), Text(result.PerSecond), Text(result.PerSecond / FsyncsPerSecond, "0.00"),
                result.PerServerCore is { } core ? Text(core) : "",
                result.ServerMicrosecondsEach is { } own ? Text(own) : "", result.DatabaseMicrosecondsEach is { } database ? Text(database) : "", Text(result.P50Milliseconds, "0.00"),
                result.P95Milliseconds is { } most ? Text(most, "0.00") : "", Text(result.P99Milliseconds, "0.00"));
        }

        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = PlainWidth;
        }

        AnsiConsole.Write(table);
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"The disk by itself: {FsyncsPerSecond:0} flushes a second.");
        _notes.ForEach(static note => AnsiConsole.WriteLine(note));
    }

    private static string Text(double figure, string format = "0") => figure.ToString(format, CultureInfo.InvariantCulture);
}
