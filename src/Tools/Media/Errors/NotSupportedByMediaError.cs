namespace Pipeline.Tools.Media.Errors;

/// <summary>Something this build or this ffmpeg cannot do: <c>not_supported</c>.</summary>
public sealed class NotSupportedByMediaError(string what, string message) : MediaError("not_supported", message, new { what });
