using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Tools.Generation.Local;

/// <summary>
/// Numbers drawn from a prompt and a seed: the same for the same, others for others. What a synthetic model shows depends on them alone, so two shots differ
/// and one shot can be made again.
/// </summary>
public sealed class Dice
{
    private readonly byte[] _root;
    private int _drawn;

    /// <param name="model">Models draw apart.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="seed">The caller's seed.</param>
    public Dice(string model, string prompt, long seed) =>
        _root = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{model}\n{seed}\n{prompt}")));

    /// <summary>A number in [0, 1).</summary>
    public double Next()
    {
        Span<byte> block = stackalloc byte[36];
        _root.CopyTo(block);
        BinaryPrimitives.WriteInt32LittleEndian(block[32..], _drawn++);
        return BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(block)) / 4294967296.0;
    }

    /// <summary>A whole number in [least, most].</summary>
    public long Next(long least, long most) => least + (long)(Next() * (most - least + 1));

    /// <summary>A number in [least, most).</summary>
    public double Next(double least, double most) => least + (Next() * (most - least));

    /// <summary>A colour as ffmpeg writes it, neither black nor white.</summary>
    public string Colour() => string.Create(CultureInfo.InvariantCulture, $"0x{Next(32L, 223L):X2}{Next(32L, 223L):X2}{Next(32L, 223L):X2}");
}
