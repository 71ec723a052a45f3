namespace Pipeline.Tools.Media.Errors;

/// <summary>An option outside its range: <c>invalid_argument</c>.</summary>
public sealed class InvalidMediaOptionError(string option, string message)
    : MediaError("invalid_argument", $"The option {option} is not right: {message}", new { argument = option });
