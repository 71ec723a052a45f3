using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Pipeline.Tools.Tests.Media.Programs;

/// <summary>Little files that become large, or claim to be.</summary>
internal static class Bombs
{
    public static IEnumerable<HostileFile> All()
    {
        yield return new("bomb", "png-max.png", Png(int.MaxValue, int.MaxValue, 100));
        yield return new("bomb", "png-wide.png", Png(200_000, 200_000, 4 << 20));
        yield return new("bomb", "png-zeros.png", Png(25_000, 25_000, 100 << 20));
        yield return new("bomb", "png-text.png", Text(Png(8, 8, 1000), 60 << 20));
        yield return new("bomb", "jpeg-max.jpg", [0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8, 0xFF, 0xFF, 0xFF, 0xFF, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1, 0xFF, 0xDA, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0, .. new byte[500]]);
        yield return new("bomb", "webp-max.webp", [.. "RIFF"u8, 0xF4, 1, 0, 0, .. "WEBPVP8X"u8, 10, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, .. new byte[400]]);
        yield return new("bomb", "webp-lossless.webp", [.. "RIFF"u8, 0xF4, 1, 0, 0, .. "WEBPVP8L"u8, 0xE0, 1, 0, 0, 0x2F, 0xFF, 0xFF, 0xFF, 0x0F, .. new byte[480]]);
        yield return new("bomb", "gif-frames.gif", Gif(65535, 2000));
        yield return new("bomb", "gif-small-frames.gif", Gif(1, 20_000));
        yield return new("bomb", "bmp-max.bmp", [.. "BM"u8, .. new byte[8], 54, 0, 0, 0, 40, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 1, 0, 24, 0, .. new byte[200]]);
        yield return new("bomb", "tiff-max.tiff", [.. "II*\0"u8, 8, 0, 0, 0, 2, 0, 0, 1, 4, 0, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F, 1, 1, 4, 0, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F, 8, 0, 0, 0, .. new byte[100]]);
        yield return new("bomb", "wav-max.wav", [.. "RIFF\uFFFF"u8, .. "\0WAVEfmt "u8, 16, 0, 0, 0, 1, 0, 0xFF, 0xFF, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 2, 0, 16, 0, .. "data"u8, 0xFF, 0xFF, 0xFF, 0xFF, .. new byte[4000]]);
        yield return new("bomb", "id3-max.mp3", [.. "ID3\u0004\0\0"u8, 0x7F, 0x7F, 0x7F, 0x7F, .. Encoding.ASCII.GetBytes("TIT2"), 0x7F, 0x7F, 0x7F, 0x70, .. new byte[4000]]);
        yield return new("bomb", "flac-picture.flac", [.. "fLaC"u8, 6, 0xFF, 0xFF, 0xFF, .. new byte[4000]]);
        yield return new("bomb", "flv-deep.flv", [.. "FLV\u0001\u0005\0\0\0\t\0\0\0\0"u8, 18, 0, 0xEA, 0x60, 0, 0, 0, 0, 0, 0, 0, 2, 0, 10, .. "onMetaData"u8, .. Enumerable.Repeat<byte[]>([3, 0, 1, (byte)'a'], 15_000).SelectMany(one => one)]);
        yield return new("bomb", "matroska-deep.mkv", [0x1A, 0x45, 0xDF, 0xA3, 0x80, 0x18, 0x53, 0x80, 0x67, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, .. Enumerable.Repeat<byte[]>([0x12, 0x54, 0xC3, 0x67, 0xFF, 0x73, 0x73, 0xFF, 0x67, 0xC8, 0xFF], 20_000).SelectMany(one => one)]);
        yield return new("bomb", "matroska-zlib.mkv", Matroska());
        yield return new("bomb", "matroska-name.mkv", [0x1A, 0x45, 0xDF, 0xA3, 0x80, 0x18, 0x53, 0x80, 0x67, 0xFF, 0x15, 0x49, 0xA9, 0x66, 0xFF, 0x7B, 0xA9, 0x01, 0x00, 0x00, 0x00, 0x7F, 0xFF, 0xFF, 0xFF, .. new byte[3000]]);
        yield return new("bomb", "ts-programs.ts", Transport(programs: 400, streams: 200));
        yield return new("bomb", "ts-noise.ts", Transport(0, 0));
        yield return new("bomb", "ogg-pages.ogg", [.. Enumerable.Range(0, 20_000).SelectMany(n => (byte[])[.. "OggS\0\u0002"u8, .. new byte[8], (byte)n, (byte)(n >> 8), 0, 0, .. new byte[8], 1, 1, 0])]);
        yield return new("bomb", "aiff-max.aiff", [.. "FORM"u8, 0x7F, 0xFF, 0xFF, 0xFF, .. "AIFFCOMM"u8, 0, 0, 0, 18, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 16, 0x40, 0xFF, .. new byte[8], .. "SSND"u8, 0x7F, 0xFF, 0xFF, 0xFF, .. new byte[3000]]);
    }

    private static byte[] Png(int width, int height, int zeros)
    {
        byte[] header = [.. Big(width), .. Big(height), 8, 0, 0, 0, 0];
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Part("IHDR", header), .. Part("IDAT", Packed(zeros)), .. Part("IEND", [])];
    }

    private static byte[] Text(byte[] png, int zeros) => [.. png[..33], .. Part("zTXt", [.. "a\0\0"u8, .. Packed(zeros)]), .. Part("iCCP", [.. "a\0\0"u8, .. Packed(zeros)]), .. png[33..]];

    private static byte[] Part(string type, byte[] content)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(type), .. content];
        return [.. Big(content.Length), .. named, .. Big((int)Crc(named))];
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }

    private static byte[] Packed(int zeros)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest))
        {
            zlib.Write(new byte[zeros]);
        }

        return packed.ToArray();
    }

    private static byte[] Gif(ushort edge, int frames)
    {
        byte[] size = [(byte)edge, (byte)(edge >> 8), (byte)edge, (byte)(edge >> 8)];
        byte[] frame = [0x21, 0xF9, 4, 0, 0xFF, 0xFF, 0, 0, 0x2C, 0, 0, 0, 0, .. size, 0, 2, 2, 0x4C, 1, 0];
        return [.. "GIF89a"u8, .. size, 0x80, 0, 0, 0, 0, 0, 255, 255, 255, .. Enumerable.Repeat(frame, frames).SelectMany(one => one), 0x3B];
    }

    // A track whose frames are zlib packed: three kilobytes of file for each fifty megabytes.
    private static byte[] Matroska()
    {
        byte[] Sized(byte[] id, byte[] content) => [.. id, 0x10, (byte)(content.Length >> 16), (byte)(content.Length >> 8), (byte)content.Length, .. content];
        var encoding = Sized([0x6D, 0x80], Sized([0x62, 0x40], Sized([0x50, 0x34], Sized([0x42, 0x54], [0]))));
        var track = Sized([0xAE], [.. Sized([0xD7], [1]), .. Sized([0x73, 0xC5], [1]), .. Sized([0x83], [1]), .. Sized([0x86], "V_UNCOMPRESSED"u8.ToArray()), .. Sized([0xE0], [.. Sized([0xB0], [16, 0]), .. Sized([0xBA], [16, 0])]), .. encoding]);
        var block = Sized([0xA3], [0x81, 0, 0, 0x80, .. Packed(50 << 20)]);
        return [.. Sized([0x1A, 0x45, 0xDF, 0xA3], Sized([0x42, 0x82], "matroska"u8.ToArray())), .. Sized([0x18, 0x53, 0x80, 0x67], [.. Sized([0x16, 0x54, 0xAE, 0x6B], track), .. Sized([0x1F, 0x43, 0xB6, 0x75], [.. Sized([0xE7], [0]), .. block, .. block, .. block])])];
    }

    // Programs upon programs, each with as many streams as a table holds; or nothing but sync bytes and noise.
    private static byte[] Transport(int programs, int streams)
    {
        var file = new List<byte>();
        for (var n = 0; n < Math.Max(1, programs / 40); n++)
        {
            file.AddRange(Packet(0, Table(0, n, [.. Enumerable.Range(0, 40).SelectMany(p => (byte[])[(byte)((n * 40) + p >> 8), (byte)((n * 40) + p + 1), (byte)(0xE1 + (p >> 8)), (byte)p])])));
        }

        var chance = new Random(7);
        for (var n = 0; n < 4000; n++)
        {
            var noise = new byte[184];
            chance.NextBytes(noise);
            file.AddRange(Packet(programs == 0 ? chance.Next(8191) : 0x100 + (n % 40), programs == 0 ? noise : Table(2, n, [.. Enumerable.Range(0, Math.Min(30, streams)).SelectMany(s => (byte[])[0x1B, (byte)(0xE2 + (n % 13)), (byte)((n * 30) + s), 0xF0, 0])], 4)));
        }

        return [.. file];
    }

    private static byte[] Packet(int pid, byte[] payload) => [0x47, (byte)(0x40 | (pid >> 8)), (byte)pid, 0x10, .. payload.AsSpan(0, Math.Min(184, payload.Length)), .. Enumerable.Repeat<byte>(0xFF, Math.Max(0, 184 - payload.Length))];

    private static byte[] Table(byte id, int number, byte[] entries, int extra = 0)
    {
        byte[] body = [(byte)(number >> 8), (byte)number, (byte)(0xC1 | ((number & 15) << 1)), 0, 0, .. extra > 0 ? [0xE1, 0, 0xF0, 0] : Array.Empty<byte>(), .. entries];
        var length = body.Length + 4;
        byte[] section = [id, (byte)(0xB0 | (length >> 8)), (byte)length, .. body];
        return [0, .. section, .. Big((int)Mpeg(section))];
    }

    private static uint Mpeg(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= (uint)one << 24;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x80000000) != 0 ? (crc << 1) ^ 0x04C11DB7 : crc << 1;
            }
        }

        return crc;
    }

    private static byte[] Big(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
