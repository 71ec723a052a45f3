using System.Text;

namespace Pipeline.Tools.Media.Mp4;

/// <summary>Writes and reads a <see cref="SeekIndex"/> as bytes: a version, then differences of neighbours as variable-length numbers.</summary>
public static class SeekIndexFormat
{
    private const int Version = 1;
    private const int MaxKeys = 1_000_000;

    public static byte[] Write(SeekIndex index)
    {
        using var memory = new MemoryStream();
        using (var writer = new BinaryWriter(memory, Encoding.UTF8))
        {
            writer.Write((byte)Version);
            writer.Write(index.DurationSeconds);
            writer.Write(index.Codec);
            writer.Write7BitEncodedInt64(index.Timescale);
            writer.Write7BitEncodedInt(index.Width);
            writer.Write7BitEncodedInt(index.Height);
            writer.Write7BitEncodedInt(index.FrameCount);
            writer.Write7BitEncodedInt(index.KeyCount);
            writer.Write(index.MaxGapSeconds);
            writer.Write7BitEncodedInt(index.Keys.Count);
            var (time, offset) = (0L, 0L);
            foreach (var key in index.Keys)
            {
                var ticks = Ticks(key.TimeSeconds, index.Timescale);
                writer.Write7BitEncodedInt64(Fold(ticks - time));
                writer.Write7BitEncodedInt64(Fold(ticks - Ticks(key.DecodeSeconds, index.Timescale)));
                writer.Write7BitEncodedInt64(Fold(key.Offset - offset));
                writer.Write7BitEncodedInt(key.SizeBytes);
                (time, offset) = (ticks, key.Offset);
            }
        }

        return memory.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are of another version or cut short.</exception>
    public static SeekIndex Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        if (reader.ReadByte() != Version)
        {
            throw new InvalidDataException("The seek index is of another version.");
        }

        var head = new SeekIndex
        {
            DurationSeconds = reader.ReadDouble(),
            Codec = reader.ReadString(),
            Timescale = (uint)reader.Read7BitEncodedInt64(),
            Width = reader.Read7BitEncodedInt(),
            Height = reader.Read7BitEncodedInt(),
            FrameCount = reader.Read7BitEncodedInt(),
            KeyCount = reader.Read7BitEncodedInt(),
            MaxGapSeconds = reader.ReadDouble(),
            Keys = [],
        };
        var count = reader.Read7BitEncodedInt();
        if (count is < 0 or > MaxKeys || head.Timescale == 0)
        {
            throw new InvalidDataException("The seek index is damaged.");
        }

        var keys = new KeyFrame[count];
        var (time, offset) = (0L, 0L);
        for (var key = 0; key < count; key++)
        {
            time += Unfold(reader.Read7BitEncodedInt64());
            var decode = time - Unfold(reader.Read7BitEncodedInt64());
            offset += Unfold(reader.Read7BitEncodedInt64());
            keys[key] = new KeyFrame((double)time / head.Timescale, (double)decode / head.Timescale, offset, reader.Read7BitEncodedInt());
        }

        return head with { Keys = keys };
    }

    private static long Ticks(double seconds, uint timescale) => (long)Math.Round(seconds * timescale);

    // Small negative numbers stay short too.
    private static long Fold(long value) => (value << 1) ^ (value >> 63);

    private static long Unfold(long value) => (long)((ulong)value >> 1) ^ -(value & 1);
}
