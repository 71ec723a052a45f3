using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Media;

/// <summary>What media errors have in common: facts are always given.</summary>
public abstract class MediaError : ToolError
{
    private protected MediaError(string code, string message, object facts) : base(code, message) => Facts = facts;
}

/// <summary>A time range that is not inside the media, reversed, empty or not a number: <c>invalid_range</c>.</summary>
public sealed class InvalidRangeError(double start_seconds, double end_seconds, double? duration_seconds)
    : MediaError(
        "invalid_range",
        FormattableString.Invariant($"The range {start_seconds} to {end_seconds} s does not lie within 0 and {duration_seconds} s. Give 0 <= start < end <= duration."),
        new
        {
            start_seconds = double.IsFinite(start_seconds) ? start_seconds : (double?)null,
            end_seconds = double.IsFinite(end_seconds) ? end_seconds : (double?)null,
            duration_seconds,
        });

/// <summary>The bytes are not audio, video or a picture: <c>not_media</c>. Says what they look like instead.</summary>
public sealed class NotMediaError(string saw)
    : MediaError("not_media", $"This is not a media file: it looks like {saw}. Give a video, audio or image file.", new { saw });

/// <summary>Media of a kind that is not handled here: <c>unsupported_media</c>.</summary>
public sealed class UnsupportedMediaError(string saw, string message) : MediaError("unsupported_media", message, new { saw });

/// <summary>A media file that is cut short or contradicts itself: <c>media_damaged</c>.</summary>
public sealed class MediaDamagedError(string problem)
    : MediaError("media_damaged", $"The media file is damaged: {problem}. Upload it again or repair it.", new { problem });

/// <summary>ffmpeg or ffprobe is not installed: <c>ffmpeg_missing</c>.</summary>
public sealed class FfmpegMissingError(string program)
    : MediaError("ffmpeg_missing", $"The program {program} was not found. Install the package 'ffmpeg' (Debian: apt-get install ffmpeg; macOS: brew install ffmpeg).", new { program });

/// <summary>ffmpeg ended with an error: <c>ffmpeg_failed</c>. The tail is the end of what it said, without paths.</summary>
public sealed class FfmpegFailedError(int exit_code, string tail)
    : MediaError("ffmpeg_failed", $"ffmpeg could not do this (exit code {exit_code}): {tail}", new { exit_code, tail });

/// <summary>A bound on time, size, pixels or streams was reached: <c>limit_exceeded</c>.</summary>
public sealed class LimitExceededError(string limit, double allowed, double? actual)
    : MediaError("limit_exceeded", FormattableString.Invariant($"The limit {limit} of {allowed} was exceeded. Ask for less, or raise the limit in the server's options."), new { limit, allowed, actual })
{
    /// <summary>Which bound.</summary>
    public string Limit { get; } = limit;
}

/// <summary>Something this build or this ffmpeg cannot do: <c>not_supported</c>.</summary>
public sealed class NotSupportedByMediaError(string what, string message) : MediaError("not_supported", message, new { what });

/// <summary>An option outside its range: <c>invalid_argument</c>.</summary>
public sealed class InvalidMediaOptionError(string option, string message)
    : MediaError("invalid_argument", $"The option {option} is not right: {message}", new { argument = option });
