using System.Buffers.Binary;
using System.Text;
using Pipeline.Tools.Media.Errors;

namespace Pipeline.Tools.Media.Mp4;

/// <summary>One box of an ISO base media file: its four-letter type, its content and its whole bytes.</summary>
internal readonly ref struct Mp4Box(string type, ReadOnlySpan<byte> content, ReadOnlySpan<byte> whole)
{
    public string Type { get; } = type;

    public ReadOnlySpan<byte> Content { get; } = content;

    public ReadOnlySpan<byte> Whole { get; } = whole;

    /// <summary>The version byte of a full box.</summary>
    public int Version => U8(0);

    /// <summary>The 24 flag bits of a full box.</summary>
    public uint Flags => U32(0) & 0xFFFFFF;

    /// <summary>The boxes inside, after <paramref name="skip"/> bytes.</summary>
    public Mp4Boxes Children(int skip = 0) => new(From(skip));

    /// <summary>The first child of a type.</summary>
    public bool TryChild(string type, out Mp4Box child)
    {
        foreach (var box in Children())
        {
            if (box.Type == type)
            {
                child = box;
                return true;
            }
        }

        child = default;
        return false;
    }

    public Mp4Box Child(string type) => TryChild(type, out var child) ? child : throw new MediaDamagedError($"the box {type} is missing in {Shown(Type)}");

    public int U8(int at) => Slice(at, 1)[0];

    public int U16(int at) => BinaryPrimitives.ReadUInt16BigEndian(Slice(at, 2));

    public uint U32(int at) => BinaryPrimitives.ReadUInt32BigEndian(Slice(at, 4));

    public int I32(int at) => BinaryPrimitives.ReadInt32BigEndian(Slice(at, 4));

    public long I64(int at)
    {
        var value = BinaryPrimitives.ReadInt64BigEndian(Slice(at, 8));
        return value is >= -1 and < long.MaxValue / 4 ? value : throw new MediaDamagedError($"a number in {Shown(Type)} is out of range");
    }

    /// <summary>A table's entry count, which must fit the box.</summary>
    public int Entries(int at, int entry_bytes)
    {
        var count = U32(at);
        return count <= (uint)((Content.Length - at - 4) / entry_bytes) ? (int)count : throw new MediaDamagedError($"the table {Shown(Type)} is longer than its box");
    }

    public ReadOnlySpan<byte> From(int at) => at <= Content.Length ? Content[at..] : throw new MediaDamagedError($"the box {Shown(Type)} is too short");

    private ReadOnlySpan<byte> Slice(int at, int length) =>
        at >= 0 && at <= Content.Length - length ? Content.Slice(at, length) : throw new MediaDamagedError($"the box {Shown(Type)} is too short");

    /// <summary>A four-letter name as it may be shown: printable ASCII, whatever the file holds.</summary>
    internal static string Shown(string name) => string.Concat(name.Select(letter => letter is >= ' ' and <= '~' ? letter : '?')).Trim();

    internal static string Name(ReadOnlySpan<byte> four) => Encoding.Latin1.GetString(four);
}

/// <summary>Walks the boxes in a span; a box that is smaller than its header or larger than what is left is refused.</summary>
internal ref struct Mp4Boxes(ReadOnlySpan<byte> rest)
{
    private ReadOnlySpan<byte> _rest = rest;

    public Mp4Box Current { get; private set; }

    public readonly Mp4Boxes GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_rest.Length < 8)
        {
            return false; // QuickTime ends some containers with four zero bytes.
        }

        long size = BinaryPrimitives.ReadUInt32BigEndian(_rest);
        var name = Mp4Box.Name(_rest.Slice(4, 4));
        var header = 8;
        if (size == 1 && _rest.Length >= 16)
        {
            (size, header) = (BinaryPrimitives.ReadInt64BigEndian(_rest[8..]), 16);
        }
        else if (size == 0)
        {
            size = _rest.Length;
        }

        if (size < header || size > _rest.Length)
        {
            throw new MediaDamagedError($"the box {Mp4Box.Shown(name)} has the impossible size {size}");
        }

        Current = new Mp4Box(name, _rest[header..(int)size], _rest[..(int)size]);
        _rest = _rest[(int)size..];
        return true;
    }
}
