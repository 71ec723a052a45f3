using Pipeline.Bench.Loads;
using Pipeline.Bench.Reports;

namespace Pipeline.Bench.Verbs;

/// <summary>Lines measured in turn, round after round, so that a busy moment of the machine meets them all.</summary>
internal sealed class Contest(BenchSettings settings)
{
    private readonly List<(string What, Func<Task<LoadResult>> Measure)> _lines = [];

    public void Add(string what, Func<Task<LoadResult>> measure)
    {
        if (what.Contains(settings.Only, StringComparison.OrdinalIgnoreCase))
        {
            _lines.Add((what, measure));
        }
    }

    /// <summary>The median round of each line by its rate.</summary>
    public async Task<IReadOnlyList<Row>> RunAsync()
    {
        var results = _lines.Select(static _ => new List<LoadResult>()).ToArray();
        for (var round = 1; round <= settings.Rounds; round++)
        {
            foreach (var ((what, measure), taken) in _lines.Zip(results))
            {
                await Console.Error.WriteLineAsync($"round {round} of {settings.Rounds}: {what}");
                taken.Add(await measure());
            }
        }

        return [.. _lines.Zip(results, static (line, taken) => new Row(line.What, taken.OrderBy(static result => result.PerSecond).ElementAt(taken.Count / 2)))];
    }
}
