using Pipeline.Tools.Assets;
using Pipeline.Tools.Models;

namespace Pipeline.Tools.Generation;

/// <summary>What a result really is, by its bytes, and whether that is what was bought.</summary>
public static class ResultKind
{
    /// <param name="path">Where it goes.</param>
    /// <param name="head">How it begins.</param>
    /// <param name="outputs">What the model makes.</param>
    public static (string MediaType, bool Useless) Of(string path, ReadOnlySpan<byte> head, IReadOnlyList<MediaKind> outputs)
    {
        var seen = ContentSniff.TypeOf(head);
        var type = seen is "video/mp4" && !outputs.Contains(MediaKind.Video) && outputs.Contains(MediaKind.Audio) ? "audio/mp4" : MediaTypes.Of(path, head);
        return (type, head.IsEmpty || (seen is not null && !Kinds(seen).Any(outputs.Contains)));
    }

    // A container for film may hold sound alone.
    private static MediaKind[] Kinds(string mediaType) => mediaType.Split('/')[0] switch
    {
        "image" => mediaType == "image/gif" ? [MediaKind.Image, MediaKind.Video] : [MediaKind.Image],
        "audio" => [MediaKind.Audio],
        "video" => [MediaKind.Video, MediaKind.Audio],
        _ => [MediaKind.Text],
    };
}
