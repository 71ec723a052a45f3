namespace Pipeline.Tools.Media.Errors;

/// <summary>A media file that is cut short or contradicts itself: <c>media_damaged</c>.</summary>
public sealed class MediaDamagedError(string problem)
    : MediaError("media_damaged", $"The media file is damaged: {problem}. Upload it again or repair it.", new { problem });
