namespace Pipeline.Tools.Media.Errors;

/// <summary>ffmpeg ended with an error: <c>ffmpeg_failed</c>. The tail is the end of what it said, without paths.</summary>
public sealed class FfmpegFailedError(int exit_code, string tail)
    : MediaError("ffmpeg_failed", $"ffmpeg could not do this (exit code {exit_code}): {tail}", new { exit_code, tail });
