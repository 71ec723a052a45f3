namespace Pipeline.Tools.Media.Errors;

/// <summary>The bytes are not audio, video or a picture: <c>not_media</c>. Says what they look like instead.</summary>
public sealed class NotMediaError(string saw)
    : MediaError("not_media", $"This is not a media file: it looks like {saw}. Give a video, audio or image file.", new { saw });
