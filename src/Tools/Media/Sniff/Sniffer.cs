using System.Buffers.Binary;
using System.Text;
using Pipeline.Tools.Media.Errors;

namespace Pipeline.Tools.Media.Sniff;

/// <summary>
/// Tells what a file is from its first bytes alone; names and claimed types are never believed. Formats that point at other files
/// (playlists, manifests, subtitle indexes, concatenation scripts) are not on the list, so ffmpeg never gets to interpret one.
/// </summary>
public static class Sniffer
{
    /// <summary>How many bytes from the start are needed; fewer are fine when the file is smaller.</summary>
    public const int HeadBytes = 4096;

    /// <summary>The file's kind.</summary>
    /// <exception cref="NotMediaError">Empty, text, a playlist or unknown bytes.</exception>
    public static MediaKind Sniff(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty)
        {
            throw new NotMediaError("an empty file (0 bytes)");
        }

        return Container(head) ?? Picture(head) ?? Sound(head) ?? throw new NotMediaError(Describe(head));
    }

    private static MediaKind? Container(ReadOnlySpan<byte> head)
    {
        if (IsoBrand(head) is { } brand)
        {
            return brand switch
            {
                "avif" or "avis" or "heic" or "heix" or "mif1" => null,
                "M4A " or "M4B " => new MediaKind("mp4", "audio/mp4", "mov"),
                "qt  " or "" => new MediaKind("mov", "video/quicktime", "mov"),
                _ => new MediaKind("mp4", "video/mp4", "mov"),
            };
        }

        if (head.StartsWith<byte>([0x1A, 0x45, 0xDF, 0xA3]))
        {
            var start = head[..Math.Min(head.Length, 64)];
            return start.IndexOf("webm"u8) >= 0 ? new MediaKind("webm", "video/webm", "matroska") : new MediaKind("matroska", "video/x-matroska", "matroska");
        }

        if (head.StartsWith("RIFF"u8) && head.Length >= 12)
        {
            var form = head.Slice(8, 4);
            return form.SequenceEqual("AVI "u8) ? new MediaKind("avi", "video/x-msvideo", "avi")
                : form.SequenceEqual("WAVE"u8) ? new MediaKind("wav", "audio/wav", "wav")
                : null;
        }

        return head.StartsWith("OggS"u8) ? new MediaKind("ogg", "audio/ogg", "ogg")
            : head.StartsWith("FLV\u0001"u8) ? new MediaKind("flv", "video/x-flv", "flv")
            : IsTransportStream(head) ? new MediaKind("mpegts", "video/mp2t", "mpegts")
            : head.StartsWith<byte>([0, 0, 1, 0xBA]) ? new MediaKind("mpeg", "video/mpeg", "mpeg")
            : null;
    }

    private static MediaKind? Picture(ReadOnlySpan<byte> head) =>
        head.StartsWith<byte>([0xFF, 0xD8, 0xFF]) ? new MediaKind("jpeg", "image/jpeg", "jpeg_pipe", true)
        : head.StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]) ? new MediaKind("png", "image/png", "png_pipe", true)
        : head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8) ? new MediaKind("gif", "image/gif", "gif")
        : head.Length >= 12 && head.StartsWith("RIFF"u8) && head.Slice(8, 4).SequenceEqual("WEBP"u8) ? new MediaKind("webp", "image/webp", "webp_pipe", true)
        : head.StartsWith("BM"u8) && head.Length >= 18 && BinaryPrimitives.ReadUInt16LittleEndian(head[6..]) == 0 && BinaryPrimitives.ReadUInt32LittleEndian(head[14..]) is 12 or 40 or 108 or 124
            ? new MediaKind("bmp", "image/bmp", "bmp_pipe", true)
        : head.StartsWith<byte>([(byte)'I', (byte)'I', 42, 0]) || head.StartsWith<byte>([(byte)'M', (byte)'M', 0, 42]) ? new MediaKind("tiff", "image/tiff", "tiff_pipe", true)
        : null;

    private static MediaKind? Sound(ReadOnlySpan<byte> head) =>
        head.StartsWith("fLaC"u8) ? new MediaKind("flac", "audio/flac", "flac")
        : head.StartsWith("ID3"u8) ? new MediaKind("mp3", "audio/mpeg", "mp3")
        : head.StartsWith("#!AMR"u8) ? new MediaKind("amr", "audio/amr", "amr")
        : head.StartsWith("FORM"u8) && head.Length >= 12 && head.Slice(8, 3).SequenceEqual("AIF"u8) ? new MediaKind("aiff", "audio/aiff", "aiff")
        : IsAdts(head) ? new MediaKind("aac", "audio/aac", "aac")
        : IsMpegAudio(head) ? new MediaKind("mp3", "audio/mpeg", "mp3")
        : null;

    /// <summary>The major brand, or an empty string for an old QuickTime file without one; null when it is no ISO base media.</summary>
    private static string? IsoBrand(ReadOnlySpan<byte> head)
    {
        if (head.Length < 8)
        {
            return null;
        }

        var size = BinaryPrimitives.ReadUInt32BigEndian(head);
        var type = head.Slice(4, 4);
        if (type.SequenceEqual("ftyp"u8) || type.SequenceEqual("styp"u8))
        {
            return head.Length >= 12 && size >= 16 ? Encoding.Latin1.GetString(head.Slice(8, 4)) : null;
        }

        var old = type.SequenceEqual("moov"u8) || type.SequenceEqual("mdat"u8) || type.SequenceEqual("wide"u8) || type.SequenceEqual("free"u8) || type.SequenceEqual("skip"u8);
        return old && (size >= 8 || size <= 1) ? "" : null;
    }

    private static bool IsTransportStream(ReadOnlySpan<byte> head)
    {
        const int Packet = 188;
        if (head.Length < (Packet * 2) + 1)
        {
            return head.Length == Packet && head[0] == 0x47;
        }

        for (var at = 0; at < head.Length; at += Packet)
        {
            if (head[at] != 0x47)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsAdts(ReadOnlySpan<byte> head)
    {
        if (head.Length < 7 || head[0] != 0xFF || (head[1] & 0xF6) != 0xF0)
        {
            return false;
        }

        var length = ((head[3] & 3) << 11) | (head[4] << 3) | (head[5] >> 5);
        return length > 7 && (head.Length <= length + 1 || (head[length] == 0xFF && (head[length + 1] & 0xF6) == 0xF0));
    }

    private static bool IsMpegAudio(ReadOnlySpan<byte> head) =>
        head.Length >= 4 && head[0] == 0xFF && (head[1] & 0xE0) == 0xE0 && (head[1] & 0x06) != 0 && (head[1] & 0x18) != 0x08 && (head[2] & 0xF0) != 0xF0 && (head[2] & 0x0C) != 0x0C;

    private static string Describe(ReadOnlySpan<byte> head)
    {
        var text = head.StartsWith<byte>([0xEF, 0xBB, 0xBF]) ? head[3..] : head;
        if (IsoBrand(head) is { } brand)
        {
            return $"a still picture of the ISO family ({brand.Trim()}); convert it to PNG, JPEG or WebP";
        }

        return text.StartsWith("#EXTM3U"u8) ? "an HLS playlist that points at other files"
            : text.StartsWith("ffconcat"u8) ? "a concatenation script that points at other files"
            : text.IndexOf("<MPD"u8) >= 0 ? "a DASH manifest that points at other files"
            : text.StartsWith("# VobSub"u8) ? "a VobSub index that points at other files"
            : text.StartsWith("[playlist]"u8) ? "a playlist that points at other files"
            : text.StartsWith("WEBVTT"u8) ? "a WebVTT transcript (give it as a transcript, not as media)"
            : text.StartsWith("%PDF"u8) ? "a PDF document"
            : text.StartsWith("PK\u0003\u0004"u8) ? "a ZIP archive"
            : IsText(text) ? "a text file"
            : head.Length < 16 ? $"a file cut short ({head.Length} bytes)"
            : "data of an unknown kind";
    }

    private static bool IsText(ReadOnlySpan<byte> head)
    {
        foreach (var value in head)
        {
            if (value < 9 || (value > 13 && value < 32 && value != 27) || value == 127)
            {
                return false;
            }
        }

        return true;
    }
}
