using System.Text.Json.Nodes;

namespace Pipeline.Tools.Plans.Expressions;

/// <summary>Works an expression out over a scope. Nothing is changed; every expression ends, for there are no loops.</summary>
internal sealed class Evaluator(IScope scope, string source)
{
    public JsonNode? Value(Node node) => node switch
    {
        Literal literal => literal.Value,
        PathNode path => Path(path),
        Unary unary => Signed(unary),
        Binary { Operator: "&&" or "||" } logic => Logic(logic),
        Binary binary => Combine(binary),
        Call call => Functions.Call(call.Function, [.. call.Arguments.Select(Value)], message => new ExpressionError(message, call.Position, source)),
        _ => throw new ExpressionError("This part has no meaning", node.Position, source),
    };

    /// <summary>True or false; null counts as false, anything else is an error.</summary>
    public bool Truth(Node node)
    {
        var value = Value(node);
        return value switch
        {
            null => false,
            JsonValue known when known.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => Values.IsTrue(known),
            _ => throw new ExpressionError($"A condition is true, false or null, not {Values.Kind(value)}", node.Position, source),
        };
    }

    private JsonNode? Path(PathNode path)
    {
        if (path.Root == "steps" && path.Segments is [Member id, ..]) return Walk(scope.Step(id.Name), path.Segments, 1);
        return Walk(scope.Root(path.Root), path.Segments, 0);
    }

    private static JsonNode? Walk(JsonNode? node, IReadOnlyList<Segment> segments, int from)
    {
        for (var i = from; i < segments.Count; i++)
        {
            switch (segments[i])
            {
                case Member member:
                    node = node is JsonObject members ? members[member.Name] : null;
                    break;
                case Element element:
                    node = node is JsonArray list && element.Index < list.Count ? list[element.Index] : null;
                    break;
                default:
                    return node is JsonArray all ? new JsonArray([.. all.Select(each => Walk(each, segments, i + 1)?.DeepClone())]) : null;
            }
        }

        return node;
    }

    private JsonValue? Signed(Unary unary)
    {
        if (unary.Operator == "!") return JsonValue.Create(!Truth(unary.Operand));
        var value = Value(unary.Operand);
        return value is null ? null : Values.Of(-Number(value, unary));
    }

    private JsonValue Logic(Binary logic)
    {
        var left = Truth(logic.Left);
        return JsonValue.Create(logic.Operator == "&&" ? left && Truth(logic.Right) : left || Truth(logic.Right));
    }

    private JsonValue? Combine(Binary binary)
    {
        var left = Value(binary.Left);
        var right = Value(binary.Right);
        if (binary.Operator is "==" or "!=") return JsonValue.Create(Values.Same(left, right) == (binary.Operator == "=="));
        var compares = binary.Operator is "<" or "<=" or ">" or ">=";
        if (left is null || right is null) return compares ? JsonValue.Create(false) : null;
        if (compares) return JsonValue.Create(Compared(binary, left, right));
        var (a, b) = (Number(left, binary), Number(right, binary));
        if (binary.Operator == "/" && b == 0) throw new ExpressionError("Division by zero", binary.Position, source);
        var result = binary.Operator switch { "+" => a + b, "-" => a - b, "*" => a * b, _ => a / b };
        return double.IsFinite(result) ? Values.Of(result) : throw new ExpressionError("The result is too large", binary.Position, source);
    }

    private bool Compared(Binary binary, JsonNode left, JsonNode right)
    {
        var order = Values.Text(left) is { } a && Values.Text(right) is { } b
            ? string.CompareOrdinal(a, b)
            : Number(left, binary).CompareTo(Number(right, binary));
        return binary.Operator switch { "<" => order < 0, "<=" => order <= 0, ">" => order > 0, _ => order >= 0 };
    }

    private double Number(JsonNode value, Node at) =>
        Values.Number(value) ?? throw new ExpressionError($"A number is needed, not {Values.Kind(value)}", at.Position, source);
}
