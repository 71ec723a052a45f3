using System.Collections.Frozen;
using System.Net.Http.Headers;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Assets;

/// <summary>Media types by file ending, for what arrives without one. What a file really is, sniffing tells.</summary>
public static class MediaTypes
{
    private const int MaxLength = 255;

    private static readonly FrozenDictionary<string, string> ByEnding = new Dictionary<string, string>
    {
        [".mp4"] = "video/mp4",
        [".m4v"] = "video/mp4",
        [".mov"] = "video/quicktime",
        [".mkv"] = "video/x-matroska",
        [".webm"] = "video/webm",
        [".avi"] = "video/x-msvideo",
        [".ts"] = "video/mp2t",
        [".mp3"] = "audio/mpeg",
        [".wav"] = "audio/wav",
        [".m4a"] = "audio/mp4",
        [".flac"] = "audio/flac",
        [".ogg"] = "audio/ogg",
        [".opus"] = "audio/ogg",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".png"] = "image/png",
        [".webp"] = "image/webp",
        [".gif"] = "image/gif",
        [".json"] = "application/json",
        [".txt"] = "text/plain",
        [".md"] = "text/markdown",
        [".vtt"] = "text/vtt",
        [".srt"] = "application/x-subrip",
        [".csv"] = "text/csv",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The type for the name's ending; <c>application/octet-stream</c> when it tells nothing.</summary>
    public static string FromName(string name) => ByEnding.GetValueOrDefault(System.IO.Path.GetExtension(name), "application/octet-stream");

    /// <summary>Whether it can stand in a header: <c>type/subtype</c>, with parameters if need be.</summary>
    public static bool Fits(string mediaType) =>
        mediaType.Length <= MaxLength && mediaType.All(c => c is >= ' ' and <= '~') && MediaTypeHeaderValue.TryParse(mediaType, out _);

    /// <summary>Returns what a caller says the bytes are.</summary>
    /// <exception cref="InvalidArgumentError">That is no media type.</exception>
    public static string? Check(string? mediaType) => mediaType is null || Fits(mediaType) ? mediaType
        : throw new InvalidArgumentError("media_type", $"media_type is a type and subtype such as 'video/mp4' or 'text/plain; charset=utf-8', at most {MaxLength} characters.");

    /// <summary>True for types that read as text.</summary>
    public static bool IsText(string mediaType) => mediaType.StartsWith("text/", StringComparison.Ordinal)
        || mediaType is "application/json" or "application/x-subrip" || mediaType.EndsWith("+json", StringComparison.Ordinal);

    /// <summary>True for pictures, sound and film.</summary>
    public static bool IsMedia(string mediaType) => mediaType.Split('/')[0] is "video" or "audio" or "image";

    /// <summary>
    /// The type of bytes with a name: what they are by their beginning, except that the name may say it more closely (audio in an MP4 file,
    /// subtitles in a text).
    /// </summary>
    public static string Of(string name, ReadOnlySpan<byte> head)
    {
        var named = FromName(name);
        return ContentSniff.TypeOf(head) is { } seen && Family(seen) != Family(named) ? seen : named;
    }

    private static string Family(string mediaType) => mediaType switch
    {
        "video/mp4" or "audio/mp4" or "video/quicktime" => "iso",
        "video/webm" or "video/x-matroska" => "matroska",
        "text/html" => "html",
        _ => IsText(mediaType) ? "text" : mediaType,
    };
}
