using Pipeline.Tools.Models;

namespace Pipeline.Tools.Plans.Expressions;

/// <summary>An expression that cannot be read or worked out; <paramref name="position"/> counts characters from 0.</summary>
public sealed class ExpressionException(string message, int position, string source)
    : RefusalException("bad_expression", $"{message} (at character {position} of '{Shortened(source)}')", new { position, expression = Shortened(source) })
{
    public int Position { get; } = position;

    private static string Shortened(string text) => text.Length <= 200 ? text : text[..200] + "...";
}
