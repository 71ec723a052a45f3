using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Pipeline.Tools.Media.Mp4;

/// <summary>Writes nested boxes into memory; sizes are filled in when a box ends.</summary>
internal sealed class BoxWriter
{
    private readonly ArrayBufferWriter<byte> _content = new(1 << 16);
    private readonly List<(int At, int Size)> _sizes = [];
    private readonly Stack<int> _open = new();

    public BoxWriter Begin(string type)
    {
        _open.Push(_content.WrittenCount);
        U32(0);
        return Raw(Encoding.Latin1.GetBytes(type));
    }

    /// <summary>Begins a box with a version and flags.</summary>
    public BoxWriter Begin(string type, int version, uint flags) => Begin(type).U32(((uint)version << 24) | flags);

    public BoxWriter End()
    {
        var at = _open.Pop();
        _sizes.Add((at, _content.WrittenCount - at));
        return this;
    }

    public BoxWriter U16(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_content.GetSpan(2), (ushort)value);
        _content.Advance(2);
        return this;
    }

    public BoxWriter U32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_content.GetSpan(4), value);
        _content.Advance(4);
        return this;
    }

    public BoxWriter U64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_content.GetSpan(8), value);
        _content.Advance(8);
        return this;
    }

    public BoxWriter Raw(ReadOnlySpan<byte> bytes)
    {
        _content.Write(bytes);
        return this;
    }

    /// <summary>The finished bytes; every box must have ended.</summary>
    public byte[] ToArray()
    {
        var bytes = _content.WrittenSpan.ToArray();
        foreach (var (at, size) in _sizes)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), (uint)size);
        }

        return bytes;
    }
}
