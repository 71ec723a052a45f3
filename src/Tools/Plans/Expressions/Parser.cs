using System.Globalization;
using System.Text.Json.Nodes;

namespace Pipeline.Tools.Plans.Expressions;

/// <summary>Recursive descent, loosest binding first: or, and, comparison, sum, product, sign, path or call or parenthesis.</summary>
internal sealed class Parser
{
    private const int MaxDepth = 32;
    private const int MaxNodes = 300;

    private static readonly string[][] Levels = [["||"], ["&&"], ["==", "!=", "<", "<=", ">", ">="], ["+", "-"], ["*", "/"]];

    private readonly string _source;
    private readonly Lexer _lexer;
    private Token _token;
    private int _depth;
    private int _nodes;

    private Parser(string source, int start)
    {
        _source = source;
        _lexer = new Lexer(source, start);
        _token = _lexer.Next();
    }

    /// <summary>Reads one expression from <paramref name="start"/> to the end or to a closing brace; <paramref name="end"/> is where it stopped.</summary>
    public static Node Read(string source, int start, out int end)
    {
        var parser = new Parser(source, start);
        var node = parser.Level(0);
        if (parser._token.Kind != TokenKind.End) throw parser.Wrong($"'{parser._token.Value}' is not expected here");
        end = parser._token.Position;
        return node;
    }

    private Node Level(int level)
    {
        if (level == Levels.Length) return Sign();
        var left = Level(level + 1);
        while (_token.Kind == TokenKind.Sign && Levels[level].Contains(_token.Value))
        {
            var sign = _token;
            Advance();
            left = Counted(new Binary(sign.Position, sign.Value, left, Level(level + 1)));
        }

        return left;
    }

    private Node Sign()
    {
        if (++_depth > MaxDepth) throw Wrong($"Deeper than {MaxDepth} levels");
        try
        {
            if (!Is("!") && !Is("-")) return Primary();
            var sign = _token;
            Advance();
            return Counted(new Unary(sign.Position, sign.Value, Sign()));
        }
        finally
        {
            _depth--;
        }
    }

    private Node Primary()
    {
        var token = _token;
        switch (token.Kind)
        {
            case TokenKind.Number:
                Advance();
                return Counted(new Literal(token.Position, Number(token)));
            case TokenKind.Text:
                Advance();
                return Counted(new Literal(token.Position, JsonValue.Create(token.Value)));
            case TokenKind.Name:
                return Named(token);
            case TokenKind.Sign when token.Value == "(":
                Advance();
                var inner = Level(0);
                Take(")");
                return inner;
            default:
                throw Wrong(token.Kind == TokenKind.End ? "The expression ends too early" : $"'{token.Value}' is not expected here");
        }
    }

    private Node Named(Token name)
    {
        Advance();
        if (Is("(")) return Called(name);
        Node? word = name.Value switch
        {
            "true" => new Literal(name.Position, JsonValue.Create(true)),
            "false" => new Literal(name.Position, JsonValue.Create(false)),
            "null" => new Literal(name.Position, null),
            _ => null,
        };
        return Counted(word ?? new PathNode(name.Position, name.Value, Segments()));
    }

    private Call Called(Token name)
    {
        if (!Functions.Known.TryGetValue(name.Value, out var arity)) throw new ExpressionError($"There is no function {name.Value}(); there are {string.Join(", ", Functions.Known.Keys)}", name.Position, _source);
        Advance();
        var arguments = new List<Node>();
        while (!Is(")"))
        {
            if (arguments.Count > 0) Take(",");
            arguments.Add(Level(0));
        }

        Take(")");
        if (arguments.Count < arity.Least || arguments.Count > arity.Most) throw new ExpressionError($"{name.Value}() takes {arity}, {arguments.Count} given", name.Position, _source);
        return (Call)Counted(new Call(name.Position, name.Value, arguments));
    }

    private List<Segment> Segments()
    {
        var segments = new List<Segment>();
        while (true)
        {
            if (Is("."))
            {
                _token = _lexer.Next(member: true);
                if (_token.Kind != TokenKind.Name) throw Wrong("A name must follow the dot");
                segments.Add(new Member(_token.Value));
                Advance();
            }
            else if (Is("["))
            {
                Advance();
                segments.Add(Bracket());
                Advance();
                Take("]");
            }
            else
            {
                return segments;
            }

            if (segments.Count > MaxDepth) throw Wrong($"A path longer than {MaxDepth} segments");
        }
    }

    private Segment Bracket()
    {
        if (Is("*")) return new Every();
        if (_token.Kind == TokenKind.Text) return new Member(_token.Value);
        if (_token.Kind == TokenKind.Number && int.TryParse(_token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var index)) return new Element(index);
        throw Wrong("In brackets stands a whole number, a text or *");
    }

    private static JsonValue Number(Token token) =>
        long.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var whole)
            ? JsonValue.Create(whole)
            : JsonValue.Create(double.Parse(token.Value, CultureInfo.InvariantCulture));

    private bool Is(string sign) => _token.Kind == TokenKind.Sign && _token.Value == sign;

    private void Advance() => _token = _lexer.Next();

    private void Take(string sign)
    {
        if (!Is(sign)) throw Wrong(_token.Kind == TokenKind.End ? $"'{sign}' is missing at the end" : $"'{sign}' is expected here, not '{_token.Value}'");
        Advance();
    }

    private Node Counted(Node node) => ++_nodes <= MaxNodes ? node : throw Wrong($"More than {MaxNodes} parts");

    private ExpressionError Wrong(string message) => new(message, _token.Position, _source);
}
