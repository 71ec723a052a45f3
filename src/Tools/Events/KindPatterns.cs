using System.Text.RegularExpressions;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Events;

/// <summary>Which kinds of events someone wants: exact names, families such as <c>step.*</c>, or <c>*</c> for all.</summary>
public sealed partial class KindPatterns
{
    private const int MaxPatterns = 32;

    private readonly string[] _exact;
    private readonly string[] _families;

    private KindPatterns(IReadOnlyList<string> patterns)
    {
        All = patterns.Contains("*");
        _exact = [.. patterns.Where(pattern => !pattern.EndsWith('*'))];
        _families = [.. patterns.Where(pattern => pattern.EndsWith(".*", StringComparison.Ordinal)).Select(pattern => pattern[..^1])];
    }

    /// <summary>True when every kind fits.</summary>
    public bool All { get; }

    /// <summary>Parses what a caller wrote.</summary>
    /// <exception cref="InvalidArgumentError">With the pattern that is none.</exception>
    public static KindPatterns Parse(IReadOnlyList<string> patterns, string argument)
    {
        if (patterns.Count is 0 or > MaxPatterns)
        {
            throw new InvalidArgumentError(argument, $"{argument} is a list of 1 to {MaxPatterns} names such as 'asset.written', 'step.*' or '*'.");
        }

        var wrong = patterns.FirstOrDefault(pattern => pattern is null || !Form().IsMatch(pattern));
        return wrong is null ? new(patterns)
            : throw new InvalidArgumentError(argument, $"'{wrong}' is no kind of event: write a name such as 'asset.written', a family such as 'step.*', or '*'.");
    }

    /// <summary>Checks the name of one kind: no pattern.</summary>
    public static string CheckKind(string kind, string argument) => Form().IsMatch(kind) && !kind.EndsWith('*') ? kind
        : throw new InvalidArgumentError(argument, $"{argument} is a dotted name of a-z, 0-9, '_', '-' such as 'shot.ready', at most 64 characters.");

    public bool Matches(string kind) =>
        All || _exact.Contains(kind, StringComparer.Ordinal) || _families.Any(family => kind.StartsWith(family, StringComparison.Ordinal));

    /// <summary>The same as a condition on the column <c>kind</c>; adds its parameters.</summary>
    internal string Condition(IDictionary<string, object?> parameters)
    {
        if (All)
        {
            return "1=1";
        }

        var conditions = new List<string>();
        foreach (var (value, test) in _exact.Select(exact => (exact, "kind=@{0}")).Concat(_families.Select(family => (family, "substr(kind, 1, length(@{0}))=@{0}"))))
        {
            var name = "kind" + conditions.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
            parameters[name] = value;
            conditions.Add(test.Replace("{0}", name, StringComparison.Ordinal));
        }

        return $"({string.Join(" or ", conditions)})";
    }

    [GeneratedRegex(@"^(?=.{1,64}$)(\*|[a-z0-9_-]+(\.[a-z0-9_-]+)*(\.\*)?)$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
