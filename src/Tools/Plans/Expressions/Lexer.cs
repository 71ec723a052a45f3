using System.Text;

namespace Pipeline.Tools.Plans.Expressions;

/// <summary>Splits an expression into words, one at a time. A closing brace ends it, so that it can stand inside a text.</summary>
internal sealed class Lexer(string source, int start)
{
    private static readonly string[] Double = ["==", "!=", "<=", ">=", "&&", "||"];

    private int _at = start;

    /// <summary>The next word. After a dot (<paramref name="member"/>) a name may contain hyphens, as step ids do.</summary>
    public Token Next(bool member = false)
    {
        while (_at < source.Length && char.IsWhiteSpace(source[_at])) _at++;
        var begin = _at;
        if (_at >= source.Length || source[_at] == '}') return new Token(TokenKind.End, "", begin, begin);
        var first = source[_at];
        if (char.IsAsciiLetter(first) || first == '_') return Name(begin, member);
        if (char.IsAsciiDigit(first)) return Number(begin);
        if (first is '"' or '\'') return Text(begin, first);
        var pair = Array.Find(Double, sign => string.CompareOrdinal(source, begin, sign, 0, 2) == 0);
        if (pair is null && !"<>!+-*/().,[]".Contains(first, StringComparison.Ordinal)) throw new ExpressionError($"'{first}' has no meaning here", begin, source);
        _at += pair?.Length ?? 1;
        return new Token(TokenKind.Sign, pair ?? first.ToString(), begin, _at);
    }

    private Token Name(int begin, bool member)
    {
        while (_at < source.Length && (char.IsAsciiLetterOrDigit(source[_at]) || source[_at] == '_' || (member && IsInnerHyphen()))) _at++;
        return new Token(TokenKind.Name, source[begin.._at], begin, _at);
    }

    private bool IsInnerHyphen() => source[_at] == '-' && _at + 1 < source.Length && char.IsAsciiLetterOrDigit(source[_at + 1]);

    private Token Number(int begin)
    {
        while (_at < source.Length && char.IsAsciiDigit(source[_at])) _at++;
        if (_at + 1 < source.Length && source[_at] == '.' && char.IsAsciiDigit(source[_at + 1]))
        {
            _at++;
            while (_at < source.Length && char.IsAsciiDigit(source[_at])) _at++;
        }

        if (_at < source.Length && (char.IsAsciiLetter(source[_at]) || source[_at] == '_')) throw new ExpressionError("A number ends in a letter", begin, source);
        return new Token(TokenKind.Number, source[begin.._at], begin, _at);
    }

    private Token Text(int begin, char quote)
    {
        var text = new StringBuilder();
        for (_at++; _at < source.Length && source[_at] != quote; _at++)
        {
            if (source[_at] == '\\')
            {
                _at++;
                if (_at >= source.Length || !"\\\"'".Contains(source[_at], StringComparison.Ordinal)) throw new ExpressionError("A backslash only stands before a quote or a backslash", _at - 1, source);
            }

            text.Append(source[_at]);
        }

        if (_at >= source.Length) throw new ExpressionError("A text has no closing quote", begin, source);
        _at++;
        return new Token(TokenKind.Text, text.ToString(), begin, _at);
    }
}
