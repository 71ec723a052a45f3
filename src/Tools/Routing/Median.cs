namespace Pipeline.Tools.Routing;

/// <summary>The middle of some figures.</summary>
internal static class Median
{
    /// <summary>Of two middle ones, their mean; null of none.</summary>
    public static double? Of(IReadOnlyCollection<double> figures)
    {
        if (figures.Count == 0) return null;
        var sorted = figures.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
