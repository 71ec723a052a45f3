using System.Globalization;
using System.Text.RegularExpressions;

namespace Pipeline.Tools.Media.Analyze;

/// <summary>Collects what the detecting filters print while they run.</summary>
internal sealed partial class AnalysisLog(double duration_seconds)
{
    // More than anyone would look through; a file can be made to have one in every frame.
    private const int MostTags = 10_000;

    private readonly List<(double At, double Score)> _cuts = [];
    private readonly Dictionary<string, double> _open = [];
    private readonly List<MediaTag> _tags = [];

    /// <summary>Mean edge width, as printed at the end; null when there were no edges.</summary>
    public double? Blur { get; private set; }

    public void Add(string line)
    {
        if (Scene().Match(line) is { Success: true } scene)
        {
            if (_cuts.Count < MostTags)
            {
                _cuts.Add((Number(scene.Groups[2]), Number(scene.Groups[1])));
            }
        }
        else if (Black().Match(line) is { Success: true } black)
        {
            Close("black", Number(black.Groups[1]), Number(black.Groups[2]));
        }
        else if (Edge().Match(line) is { Success: true } edge)
        {
            var kind = edge.Groups[1].Value;
            if (edge.Groups[2].ValueSpan is "start")
            {
                _open[kind] = Math.Max(0, Number(edge.Groups[3]));
            }
            else if (_open.Remove(kind, out var start))
            {
                Close(kind, start, Number(edge.Groups[3]));
            }
        }
        else if (BlurMean().Match(line) is { Success: true } blur && double.TryParse(blur.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var mean) && double.IsFinite(mean) && mean > 0)
        {
            Blur = mean;
        }
    }

    /// <summary>All tags in time order; what was still going on at the end ends there.</summary>
    public List<MediaTag> Tags(bool scenes)
    {
        foreach (var (kind, start) in _open)
        {
            Close(kind, start, duration_seconds);
        }

        _open.Clear();
        if (scenes)
        {
            List<(double At, double Score)> starts = [(0, 0), .. _cuts.Where(cut => cut.At > 0)];
            for (var n = 0; n < starts.Count; n++)
            {
                var end = n + 1 < starts.Count ? starts[n + 1].At : duration_seconds;
                _tags.Add(new MediaTag(starts[n].At, end, "scene", $"Scene {n + 1}", n == 0 ? null : starts[n].Score));
            }
        }

        return [.. _tags.OrderBy(tag => tag.StartSeconds)];
    }

    private void Close(string kind, double start, double end)
    {
        end = Math.Min(end, duration_seconds);
        if (end > start && _tags.Count < MostTags)
        {
            _tags.Add(new MediaTag(start, end, kind, kind switch { "black" => "Black picture", "freeze" => "Frozen picture", _ => "Silence" }));
        }
    }

    private static double Number(Group group) => double.TryParse(group.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : 0;

    [GeneratedRegex(@"^\[\w+ @ 0x\w+\] \[info\] lavfi\.scd\.score: *([\d.]+), lavfi\.scd\.time: *([\d.]+)")]
    private static partial Regex Scene();

    [GeneratedRegex(@"^\[\w+ @ 0x\w+\] \[info\] black_start:([\d.]+) black_end:([\d.]+)")]
    private static partial Regex Black();

    [GeneratedRegex(@"^\[\w+ @ 0x\w+\] \[info\] (?:lavfi\.freezedetect\.)?(freeze|silence)_(start|end): *(-?[\d.]+)")]
    private static partial Regex Edge();

    [GeneratedRegex(@"^\[\w+ @ 0x\w+\] \[info\] blur mean: *(-?[\d.]+)")]
    private static partial Regex BlurMean();
}
