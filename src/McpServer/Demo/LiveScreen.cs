using System.Globalization;
using Pipeline.Tools.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Pipeline.McpServer.Demo;

/// <summary>A table at a terminal that is drawn anew as the run goes on.</summary>
internal sealed class LiveScreen(IAnsiConsole console, TimeProvider time) : IRunScreen
{
    private const int NewsLines = 2;

    // Fixed, so that the table does not jump about; the details take what is left.
    private static readonly (string Heading, int? Width)[] Columns = [("step", 13), ("state", 11), ("", null), ("who", 26), ("time", 7)];

    private readonly List<string> _news = [];
    private bool _isLive;

    public void Say(string line)
    {
        lock (_news)
        {
            _news.Add(line);
            if (!_isLive)
            {
                console.MarkupLineInterpolated($"[grey]{line}[/]");
            }
        }
    }

    public async Task<RunView> ShowAsync(Func<Action<RunView>, Task<RunView>> follow)
    {
        lock (_news)
        {
            _news.Clear();
            _isLive = true;
        }

        try
        {
            return await console.Live(new Text("the director plans ...")).StartAsync(live => follow(run =>
            {
                live.UpdateTarget(Picture(run));
                live.Refresh();
            })).ConfigureAwait(false);
        }
        finally
        {
            lock (_news)
            {
                _isLive = false;
            }
        }
    }

    private Rows Picture(RunView run)
    {
        var table = new Table().Border(TableBorder.Rounded).Expand();
        foreach (var (heading, width) in Columns)
        {
            table.AddColumn(new TableColumn(new Markup($"[bold]{heading}[/]")) { Width = width, NoWrap = true });
        }

        table.Columns[^1].RightAligned();
        foreach (var row in RunRows.Of(run, time.GetUtcNow()))
        {
            var detail = string.Join("; ", new[] { row.Detail, row.Note }.Where(text => text.Length > 0));
            table.AddRow(
                new Text(row.Id), new Text(Mark(row.State) + " " + row.State, new Style(Colour(row.State))), new Text(detail, new Style(Color.Grey)).Ellipsis(),
                new Text(row.Agent).Ellipsis(), new Text(row.Seconds is { } seconds ? seconds.ToString("0.0 s", CultureInfo.InvariantCulture) : ""));
        }

        List<IRenderable> all =
        [
            new Text(string.Create(CultureInfo.InvariantCulture, $"{run.RunId}  {run.State}  {run.Totals.Seconds:0.0} s of about {run.Totals.EstimatedSeconds:0} s  {Money.Text(run.Totals.CostMicros)}"), new Style(decoration: Decoration.Bold)),
            table,
        ];
        lock (_news)
        {
            all.AddRange(_news.TakeLast(NewsLines).Select(line => new Text(line, new Style(Color.Grey)).Ellipsis()));
        }

        return new Rows(all);
    }

    private static string Mark(string state) => state switch
    {
        "succeeded" => "✔",
        "failed" => "✘",
        "claimed" => "●",
        "skipped" or "cancelled" => "–",
        _ => "·",
    };

    private static Color Colour(string state) => state switch
    {
        "succeeded" => Color.Green,
        "failed" => Color.Red,
        "claimed" => Color.Aqua,
        "ready" or "waiting" => Color.Yellow,
        _ => Color.Grey,
    };
}
