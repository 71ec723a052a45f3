using System.Text;
using System.Text.Json.Nodes;

namespace Pipeline.Tools.Plans.Expressions;

/// <summary>
/// A text with <c>${...}</c> in it. When the text is wholly one expression its value keeps its JSON type; otherwise values are
/// written into the text (null as nothing). <c>$${</c> stands for a literal <c>${</c>.
/// </summary>
public sealed class Template
{
    private const int MaxResult = 100_000;

    private readonly string _source;
    private readonly List<object> _parts;

    private Template(string source, List<object> parts)
    {
        _source = source;
        _parts = parts;
    }

    /// <summary>The one expression that the whole text is, or null.</summary>
    public Expression? Whole => _parts is [Expression only] ? only : null;

    /// <summary>Every expression in the text.</summary>
    public IEnumerable<Expression> Expressions => _parts.OfType<Expression>();

    /// <summary>Whether <paramref name="text"/> has an expression or an escape in it at all.</summary>
    public static bool IsIn(string text) => text.Contains("${", StringComparison.Ordinal);

    /// <exception cref="ExpressionError">An expression in it cannot be read.</exception>
    public static Template Parse(string source)
    {
        var parts = new List<object>();
        var literal = new StringBuilder();
        for (var i = 0; i < source.Length;)
        {
            if (string.CompareOrdinal(source, i, "$${", 0, 3) == 0)
            {
                literal.Append("${");
                i += 3;
            }
            else if (string.CompareOrdinal(source, i, "${", 0, 2) == 0)
            {
                if (literal.Length > 0) parts.Add(literal.ToString());
                literal.Clear();
                var root = Parser.Read(source, i + 2, out var end);
                if (end >= source.Length) throw new ExpressionError("The closing brace is missing", i, source);
                if (end - i > Expression.MaxLength) throw new ExpressionError($"Longer than {Expression.MaxLength} characters", i, source);
                parts.Add(new Expression(source, root));
                i = end + 1;
            }
            else
            {
                literal.Append(source[i++]);
            }
        }

        if (literal.Length > 0) parts.Add(literal.ToString());
        return new Template(source, parts);
    }

    /// <summary>The value over <paramref name="scope"/>, free for the caller to keep.</summary>
    public JsonNode? Value(IScope scope)
    {
        if (Whole is { } only) return only.Value(scope)?.DeepClone();
        var text = new StringBuilder();
        foreach (var part in _parts)
        {
            text.Append(part is Expression expression ? Values.Interpolated(expression.Value(scope)) : (string)part);
            if (text.Length > MaxResult) throw new ExpressionError($"The text grows beyond {MaxResult} characters", 0, _source);
        }

        return JsonValue.Create(text.ToString());
    }

    /// <summary>Replaces every text with expressions inside <paramref name="node"/>, at any depth, by its value.</summary>
    public static JsonNode? Fill(JsonNode? node, IScope scope) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Fill(member.Value, scope)))),
        JsonArray list => new JsonArray([.. list.Select(element => Fill(element, scope))]),
        JsonValue value when Values.Text(value) is { } text && IsIn(text) => Parse(text).Value(scope),
        _ => node?.DeepClone(),
    };
}
