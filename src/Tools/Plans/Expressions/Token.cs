namespace Pipeline.Tools.Plans.Expressions;

internal enum TokenKind
{
    Name,
    Number,
    Text,
    Sign,
    End,
}

/// <summary>A word of an expression. <paramref name="Value"/> is the text without quotes; <paramref name="After"/> the position behind it.</summary>
internal readonly record struct Token(TokenKind Kind, string Value, int Position, int After);
