namespace Pipeline.Tools.Media.Errors;

/// <summary>ffmpeg or ffprobe is not installed: <c>ffmpeg_missing</c>.</summary>
public sealed class FfmpegMissingError(string program)
    : MediaError("ffmpeg_missing", $"The program {program} was not found. Install the package 'ffmpeg' (Debian: apt-get install ffmpeg; macOS: brew install ffmpeg).", new { program });
