using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Pipeline.Tools.Tests.Media.Programs;

/// <summary>MP4 that lies about its own sizes, counts, times and nesting.</summary>
internal static class Movies
{
    public static IEnumerable<HostileFile> All(Samples samples)
    {
        var good = File.ReadAllBytes(samples.Mp4);
        byte[] type = Box("ftyp", "isom\0\0\0\0isom"u8.ToArray());
        foreach (var (name, content) in Lies(good).Concat(Built(type, good)))
        {
            yield return new("movie", name, content);
        }
    }

    public static byte[] Box(string type, byte[] content) => [.. Big(content.Length + 8), .. Encoding.Latin1.GetBytes(type), .. content];

    private static IEnumerable<(string Name, byte[] Content)> Lies(byte[] good)
    {
        yield return ("moov-size-max.mp4", Set(good, "moov", -4, 0x7FFFFFFF));
        yield return ("moov-size-negative.mp4", Set(good, "moov", -4, -1));
        yield return ("trak-size-tiny.mp4", Set(good, "trak", -4, 3));
        yield return ("trak-size-zero.mp4", Set(good, "trak", -4, 0));
        yield return ("size-64-negative.mp4", Set(Set(good, "mdat", -4, 1), "mdat", 4, int.MinValue));
        yield return ("stsz-count-max.mp4", Set(good, "stsz", 12, -1));
        yield return ("stsz-uniform-max.mp4", Set(Set(good, "stsz", 8, 1), "stsz", 12, 7_999_999));
        yield return ("stsz-size-negative.mp4", Set(good, "stsz", 16, -5));
        yield return ("stts-run-max.mp4", Set(Set(good, "stts", 12, -1), "stts", 16, 0x7FFFFFFF));
        yield return ("stts-backwards.mp4", Set(good, "stts", 16, -1));
        yield return ("ctts-wild.mp4", Set(Set(good, "ctts", 16, int.MinValue), "ctts", 24, int.MaxValue));
        yield return ("stsc-count-max.mp4", Set(good, "stsc", 8, -1));
        yield return ("stsc-zero-chunk.mp4", Set(good, "stsc", 12, 0));
        yield return ("stco-past-end.mp4", Set(good, "stco", 12, -16));
        yield return ("timescale-zero.mp4", Set(good, "mdhd", 16, 0));
        yield return ("timescale-max.mp4", Set(good, "mdhd", 16, -1));
        yield return ("timescale-one.mp4", Set(Set(good, "mdhd", 16, 1), "stts", 16, 0x0FFFFFFF));
        yield return ("movie-timescale-one.mp4", Set(Set(good, "mvhd", 16, 1), "elst", 12, 0x7FFFFFFF));
        yield return ("edit-negative.mp4", Set(good, "elst", 16, -77));
        yield return ("edit-speed.mp4", Set(good, "elst", 20, 0x7FFF0000));
        yield return ("codec-control.mp4", Set(good, "avc1", 0, 0x1B5B324A));
        yield return ("codec-flic.mp4", Set(good, "avc1", 0, 0x41464C43));
        yield return ("picture-size-max.mp4", Set(good, "avc1", 28, -1));
        yield return ("cut-in-half.mp4", good[..(good.Length / 2)]);
        yield return ("cut-in-header.mp4", good[..700]);
    }

    private static IEnumerable<(string Name, byte[] Content)> Built(byte[] type, byte[] good)
    {
        var deep = Array.Empty<byte>();
        for (var level = 0; level < 20_000; level++)
        {
            deep = level % 500 == 0 ? Box("moov", deep) : [.. Big(deep.Length + 8), .. "trak"u8, .. deep];
        }

        yield return ("deep.mp4", [.. type, .. Box("moov", deep)]);
        yield return ("tiny-boxes.mp4", [.. type, .. Enumerable.Repeat(Box("free", []), 300_000).SelectMany(box => box)]);
        yield return ("no-movie.mp4", [.. type, .. Box("mdat", new byte[5000])]);
        yield return ("compressed-header.mov", [.. type, .. Box("moov", Compressed(60 << 20, 60 << 20))]);
        yield return ("compressed-header-lie.mov", [.. type, .. Box("moov", Compressed(1 << 20, -2))]);
        yield return ("two-headers.mp4", [.. good, .. good]);
        var edits = Box("elst", [0, 0, 0, 0, .. Big(500_000), .. Enumerable.Repeat<byte>(0x7F, 6_000_000)]);
        yield return ("edits.mp4", Insert(good, "edts", edits));
        yield return ("sample-bomb.mp4", Bomb(type, 60));
        yield return ("fragment-bomb.mp4", Fragments(type));
    }

    // cmov: a whole movie header behind zlib, of which the size is only claimed.
    private static byte[] Compressed(int bytes, int claimed)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize))
        {
            zlib.Write(Box("moov", new byte[bytes]));
        }

        return Box("cmov", [.. Box("dcom", "zlib"u8.ToArray()), .. Box("cmvd", [.. Big(claimed), .. packed.ToArray()])]);
    }

    // Sixty tracks that each claim eight million samples of one byte, all at the same place: a few kilobytes that ask for gigabytes.
    private static byte[] Bomb(byte[] type, int tracks)
    {
        byte[] full = [0, 0, 0, 0];
        var chunks = Enumerable.Repeat(Big(8), 100).SelectMany(place => place);
        var table = Box("stbl",
        [
            .. Box("stsd", [.. full, .. Big(0)]), .. Box("stsz", [.. full, .. Big(1), .. Big(7_900_000)]), .. Box("stts", [.. full, .. Big(1), .. Big(7_900_000), .. Big(1)]),
            .. Box("stsc", [.. full, .. Big(1), .. Big(1), .. Big(79_000), .. Big(1)]), .. Box("stco", [.. full, .. Big(100), .. chunks]),
        ]);
        var media = Box("mdia", [.. Box("mdhd", [.. full, .. Big(0), .. Big(0), .. Big(1000), .. Big(1), .. Big(0)]), .. Box("hdlr", [.. full, .. Big(0), .. "vide"u8, .. new byte[13]]), .. Box("minf", table)]);
        var track = Box("trak", [.. Box("tkhd", [.. full, .. new byte[80]]), .. media]);
        return [.. type, .. Box("moov", [.. Box("mvhd", [.. full, .. new byte[96]]), .. Enumerable.Repeat(track, tracks).SelectMany(one => one)]), .. new byte[100_000]];
    }

    // Fragments for a hundred tracks, each a run of samples without a size.
    private static byte[] Fragments(byte[] type)
    {
        byte[] full = [0, 0, 0, 0];
        var defaults = Enumerable.Range(1, 100).SelectMany(id => Box("trex", [.. full, .. Big(id), .. Big(1), .. Big(1), .. Big(0), .. Big(0)]));
        var movie = Box("moov", [.. Box("mvhd", [.. full, .. new byte[96]]), .. Box("mvex", [.. defaults])]);
        var runs = Enumerable.Range(1, 100).SelectMany(id =>
            Box("traf", [.. Box("tfhd", [.. full, .. Big(id)]), .. Enumerable.Repeat(Box("trun", [.. full, .. Big(20_000)]), 20).SelectMany(run => run)]));
        return [.. type, .. movie, .. Enumerable.Repeat(Box("moof", [.. runs]), 20).SelectMany(one => one)];
    }

    private static byte[] Insert(byte[] good, string box, byte[] content)
    {
        var at = good.AsSpan().IndexOf(Encoding.ASCII.GetBytes(box)) + 4;
        var grown = Set(good, box, -4, BinaryPrimitives.ReadInt32BigEndian(good.AsSpan(at - 8)) + content.Length);
        return [.. grown[..at], .. content, .. grown[at..]];
    }

    // Writes a number at a distance from the start of the first box name of that type.
    private static byte[] Set(byte[] good, string box, int from, int value)
    {
        var content = good.ToArray();
        var at = content.AsSpan().IndexOf(Encoding.ASCII.GetBytes(box));
        Assert.True(at > 0, box);
        Big(value).CopyTo(content, at + from);
        return content;
    }

    private static byte[] Big(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
