using System.CommandLine;

namespace Pipeline.Bench.Verbs;

/// <summary>What the load benches have in common.</summary>
internal sealed class BenchOptions
{
    private readonly Option<double> _seconds = new("--seconds") { Description = "How long each line is measured in each round", DefaultValueFactory = static _ => 3 };
    private readonly Option<int> _rounds = new("--rounds") { Description = "How often all lines are measured in turn; the median round of each is shown", DefaultValueFactory = static _ => 3 };
    private readonly Option<string> _only = new("--only") { Description = "Only the lines whose name holds this", DefaultValueFactory = static _ => "" };
    private readonly Option<bool> _json = new("--json") { Description = "One JSON document on stdout" };

    private readonly Option<string?> _postgres = new("--postgres") { Description = "Only our own lines, on the PostgreSQL database of this connection string; tables are made there" };

    public void AddTo(Command command)
    {
        command.Add(_seconds);
        command.Add(_rounds);
        command.Add(_only);
        command.Add(_json);
        command.Add(_postgres);
    }

    public BenchSettings Read(ParseResult parsed) => new(parsed.GetValue(_seconds), parsed.GetValue(_rounds), parsed.GetValue(_only)!, parsed.GetValue(_json), parsed.GetValue(_postgres));
}

/// <param name="Seconds">Measured time of a line in a round.</param>
/// <param name="Rounds">Rounds over all lines.</param>
/// <param name="Only">Part of the names of the lines to measure.</param>
/// <param name="Json">One JSON document instead of a table.</param>
/// <param name="Postgres">The database to measure on; null for files.</param>
internal sealed record BenchSettings(double Seconds, int Rounds, string Only, bool Json, string? Postgres);
