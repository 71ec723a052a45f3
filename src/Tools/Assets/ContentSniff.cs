using System.Text;
using System.Text.Unicode;
using Pipeline.Storage.Objects;

namespace Pipeline.Tools.Assets;

/// <summary>Tells what bytes are by how they begin, whatever their name or the server that sent them says.</summary>
public static class ContentSniff
{
    /// <summary>How many bytes it wants to see.</summary>
    public const int HeadBytes = 512;

    /// <summary>How an object begins.</summary>
    public static async Task<byte[]> HeadAsync(IObjectStore objects, StoredObject stored, CancellationToken cancellation)
    {
        var file = await objects.OpenAsync(stored.Sha256, 0, HeadBytes, cancellation).ConfigureAwait(false);
        await using (file.ConfigureAwait(false))
        {
            var head = new byte[HeadBytes];
            var read = await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
            return head[..read];
        }
    }

    /// <summary>The media type; null when the beginning does not tell.</summary>
    public static string? TypeOf(ReadOnlySpan<byte> head) =>
        Begins(head, 4, "ftyp") ? Iso(head)
        : Begins(head, 0, [0x1A, 0x45, 0xDF, 0xA3]) ? (head.IndexOf("webm"u8) > 0 ? "video/webm" : "video/x-matroska")
        : Begins(head, 0, "RIFF") ? Riff(head)
        : Begins(head, 0, "OggS") ? "audio/ogg"
        : Begins(head, 0, "fLaC") ? "audio/flac"
        : Begins(head, 0, "ID3") || IsMpegAudio(head) ? "audio/mpeg"
        : Begins(head, 0, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ? "image/png"
        : Begins(head, 0, [0xFF, 0xD8, 0xFF]) ? "image/jpeg"
        : Begins(head, 0, "GIF87a") || Begins(head, 0, "GIF89a") ? "image/gif"
        : IsTransportStream(head) ? "video/mp2t"
        : Text(head);

    private static string Iso(ReadOnlySpan<byte> head) =>
        Begins(head, 8, "qt  ") ? "video/quicktime" : Begins(head, 8, "M4A ") ? "audio/mp4" : Begins(head, 8, "avif") ? "image/avif" : Begins(head, 8, "heic") ? "image/heic" : "video/mp4";

    private static string? Riff(ReadOnlySpan<byte> head) =>
        Begins(head, 8, "AVI ") ? "video/x-msvideo" : Begins(head, 8, "WAVE") ? "audio/wav" : Begins(head, 8, "WEBP") ? "image/webp" : null;

    private static bool IsMpegAudio(ReadOnlySpan<byte> head) => head.Length > 2 && head[0] == 0xFF && (head[1] & 0xE6) == 0xE2 && (head[2] & 0xF0) != 0xF0;

    private static bool IsTransportStream(ReadOnlySpan<byte> head) => head.Length > 376 && head[0] == 0x47 && head[188] == 0x47 && head[376] == 0x47;

    private static string? Text(ReadOnlySpan<byte> head)
    {
        // The last character may be cut in two.
        var whole = head.Length < HeadBytes ? head : head[..(head.LastIndexOfAnyInRange((byte)0, (byte)0x7F) + 1)];
        if (whole.IsEmpty || whole.Contains((byte)0) || !Utf8.IsValid(whole))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(whole).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        return text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase) ? "text/html"
            : text.StartsWith("WEBVTT", StringComparison.Ordinal) ? "text/vtt" : "text/plain";
    }

    private static bool Begins(ReadOnlySpan<byte> head, int at, ReadOnlySpan<byte> mark) => head.Length >= at + mark.Length && head.Slice(at, mark.Length).SequenceEqual(mark);

    private static bool Begins(ReadOnlySpan<byte> head, int at, string mark) => Begins(head, at, Encoding.ASCII.GetBytes(mark));
}
