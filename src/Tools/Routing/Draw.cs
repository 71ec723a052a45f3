using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Tools.Routing;

/// <summary>Numbers that look drawn and are always the same for the same words: the SHA-256 of the words, its first 53 bits as a fraction.</summary>
public static class Draw
{
    /// <summary>A number between 0 and 1, neither included.</summary>
    public static double Of(params ReadOnlySpan<string> words)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', words)), hash);
        return ((BinaryPrimitives.ReadUInt64BigEndian(hash) >> 11) + 0.5) / (1UL << 53);
    }

    /// <summary>
    /// Which of two models a shot belongs to is decided by the smaller of these: each gets its share of all shots, and when a share changes, or a model cannot
    /// take a shot, only shots that must move do (weighted rendezvous hashing).
    /// </summary>
    public static double Distance(string capability, string shot, string model, double weight) => -Math.Log(Of(capability, shot, model)) / weight;
}
