using System.Text.Json.Nodes;

namespace Pipeline.Tools.Plans.Expressions;

/// <summary>
/// A small language without side effects: literals, paths (<c>steps.a.outputs.asset</c>, <c>item[0]</c>, <c>list[*].name</c>),
/// comparison, logic, arithmetic, parentheses and a few functions. A path that leads nowhere is null; null compares equal to
/// null only, is neither less nor more than anything, counts as false, and makes arithmetic null.
/// </summary>
public sealed class Expression
{
    /// <summary>The most characters that one expression may have.</summary>
    public const int MaxLength = 2_000;

    internal Expression(string source, Node root)
    {
        Source = source;
        Root = root;
    }

    public string Source { get; }

    internal Node Root { get; }

    /// <summary>Reads an expression; one that is written wholly inside <c>${...}</c> is the same as without.</summary>
    /// <exception cref="ExpressionError">It cannot be read; the message says where.</exception>
    public static Expression Parse(string source)
    {
        if (source.Length > MaxLength) throw new ExpressionError($"Longer than {MaxLength} characters", MaxLength, source);
        var wrapped = source.StartsWith("${", StringComparison.Ordinal);
        var root = Parser.Read(source, wrapped ? 2 : 0, out var end);
        if (end + (wrapped ? 1 : 0) != source.Length) throw new ExpressionError(wrapped && end == source.Length ? "The closing brace is missing" : "Something follows the end of the expression", end, source);
        return new Expression(source, root);
    }

    /// <summary>The value over <paramref name="scope"/>, not to be changed by the caller.</summary>
    public JsonNode? Value(IScope scope) => new Evaluator(scope, Source).Value(Root);

    /// <summary>Whether it holds over <paramref name="scope"/>; null counts as false.</summary>
    public bool Holds(IScope scope) => new Evaluator(scope, Source).Truth(Root);

    /// <summary>Every path it names, for checking before anything runs.</summary>
    public IEnumerable<PathNode> Paths() => Paths(Root);

    private static IEnumerable<PathNode> Paths(Node node) => node switch
    {
        PathNode path => [path],
        Unary unary => Paths(unary.Operand),
        Binary binary => Paths(binary.Left).Concat(Paths(binary.Right)),
        Call call => call.Arguments.SelectMany(Paths),
        _ => [],
    };
}
