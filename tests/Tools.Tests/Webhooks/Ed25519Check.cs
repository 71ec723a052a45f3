using System.Numerics;
using System.Security.Cryptography;

namespace Pipeline.Tools.Tests.Webhooks;

/// <summary>
/// Verifies ed25519 signatures as RFC 8032 section 5.1.7 says, with plain big numbers and none of the product's code nor its library: slow, and
/// independent.
/// </summary>
public static class Ed25519Check
{
    private static readonly BigInteger P = BigInteger.Pow(2, 255) - 19;
    private static readonly BigInteger Order = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", null);
    private static readonly BigInteger D = Mod(-121665 * Inverse(121666));
    private static readonly BigInteger RootOfMinusOne = BigInteger.ModPow(2, (P - 1) / 4, P);
    private static readonly Point Base = Decode(Convert.FromHexString("5866666666666666666666666666666666666666666666666666666666666666"))!;
    private static readonly Point Zero = new(0, 1, 1, 0);

    public static bool Holds(byte[] publicKey, byte[] message, byte[] signature)
    {
        if (publicKey.Length != 32 || signature.Length != 64 || Decode(publicKey) is not { } key || Decode(signature[..32]) is not { } commitment)
        {
            return false;
        }

        var response = Little(signature[32..]);
        var challenge = Little(SHA512.HashData([.. signature[..32], .. publicKey, .. message])) % Order;
        return response < Order && Same(Multiply(response, Base), Add(commitment, Multiply(challenge, key)));
    }

    private static Point? Decode(byte[] bytes)
    {
        var sign = bytes[31] >> 7;
        var y = Little([.. bytes[..31], (byte)(bytes[31] & 0x7f)]);
        var square = Mod(((y * y) - 1) * Inverse((D * y * y) + 1));
        var x = BigInteger.ModPow(square, (P + 3) / 8, P);
        x = Mod((x * x) - square).IsZero ? x : Mod(x * RootOfMinusOne);
        if (y >= P || !Mod((x * x) - square).IsZero || (x.IsZero && sign == 1))
        {
            return null;
        }

        x = (x % 2) == sign ? x : P - x;
        return new(x, y, 1, Mod(x * y));
    }

    private static Point Multiply(BigInteger times, Point point)
    {
        var sum = Zero;
        for (; !times.IsZero; times >>= 1)
        {
            sum = times.IsEven ? sum : Add(sum, point);
            point = Add(point, point);
        }

        return sum;
    }

    private static Point Add(Point one, Point two)
    {
        var a = Mod((one.Y - one.X) * (two.Y - two.X));
        var b = Mod((one.Y + one.X) * (two.Y + two.X));
        var c = Mod(2 * one.T * two.T * D);
        var d = Mod(2 * one.Z * two.Z);
        var (e, f, g, h) = (b - a, d - c, d + c, b + a);
        return new(Mod(e * f), Mod(g * h), Mod(f * g), Mod(e * h));
    }

    private static bool Same(Point one, Point two) => Mod((one.X * two.Z) - (two.X * one.Z)).IsZero && Mod((one.Y * two.Z) - (two.Y * one.Z)).IsZero;

    private static BigInteger Little(byte[] bytes) => new(bytes, isUnsigned: true);

    private static BigInteger Inverse(BigInteger value) => BigInteger.ModPow(Mod(value), P - 2, P);

    private static BigInteger Mod(BigInteger value)
    {
        var rest = value % P;
        return rest.Sign < 0 ? rest + P : rest;
    }

    /// <summary>Extended coordinates: x = X/Z, y = Y/Z, x·y = T/Z.</summary>
    private sealed record Point(BigInteger X, BigInteger Y, BigInteger Z, BigInteger T);
}
