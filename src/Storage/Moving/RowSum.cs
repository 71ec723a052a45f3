using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Storage.Moving;

/// <summary>
/// A sum over rows that does not depend on their order or on the engine that holds them: each row's values, with their types and lengths, are
/// hashed, and the hashes added up. A row that is missing, doubled or different changes it.
/// </summary>
public sealed class RowSum
{
    private readonly ArrayBufferWriter<byte> _row = new();
    private UInt128 _sum;

    /// <summary>How many rows were added.</summary>
    public long Rows { get; private set; }

    /// <summary>The sum so far, in hexadecimal.</summary>
    public string Text => _sum.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Adds a row.</summary>
    /// <param name="values">Whole numbers, floating-point numbers, texts, bytes and nulls.</param>
    public void Add(IReadOnlyList<object?> values)
    {
        _row.ResetWrittenCount();
        foreach (var value in values)
        {
            Write(value);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_row.WrittenSpan, hash);
        _sum = unchecked(_sum + BinaryPrimitives.ReadUInt128BigEndian(hash));
        Rows++;
    }

    private void Write(object? value)
    {
        switch (value)
        {
            case null:
                Mark(0, 0);
                break;
            case long number:
                Mark(1, number);
                break;
            case double number:
                Mark(2, BitConverter.DoubleToInt64Bits(number));
                break;
            case string text:
                Mark(3, Encoding.UTF8.GetByteCount(text));
                Encoding.UTF8.GetBytes(text, _row);
                break;
            case byte[] bytes:
                Mark(4, bytes.Length);
                _row.Write(bytes);
                break;
            default:
                throw new ArgumentException($"A row holds no {value.GetType().Name}.", nameof(value));
        }
    }

    private void Mark(byte kind, long content)
    {
        var mark = _row.GetSpan(9);
        mark[0] = kind;
        BinaryPrimitives.WriteInt64LittleEndian(mark[1..], content);
        _row.Advance(9);
    }
}
