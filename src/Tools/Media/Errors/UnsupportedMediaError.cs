namespace Pipeline.Tools.Media.Errors;

/// <summary>Media of a kind that is not handled here: <c>unsupported_media</c>.</summary>
public sealed class UnsupportedMediaError(string saw, string message) : MediaError("unsupported_media", message, new { saw });
