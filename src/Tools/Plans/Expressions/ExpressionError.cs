using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Plans.Expressions;

/// <summary>An expression that cannot be read or worked out.</summary>
public sealed class ExpressionError : ToolError
{
    /// <param name="message">What is wrong, without a full stop.</param>
    /// <param name="position">Where, in characters from 0.</param>
    /// <param name="source">The expression, or the text it stands in.</param>
    public ExpressionError(string message, int position, string source)
        : base("bad_expression", $"{message} (at character {position} of '{Shortened(source)}').")
    {
        Position = position;
        Facts = new { position, expression = Shortened(source) };
    }

    public int Position { get; }

    private static string Shortened(string text) => text.Length <= 200 ? text : text[..200] + "...";
}
