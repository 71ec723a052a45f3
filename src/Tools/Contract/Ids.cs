using System.Security.Cryptography;

namespace Pipeline.Tools.Contract;

/// <summary>Makes identifiers: a prefix that says what they name and 100 random bits, in a form that reads and double-clicks well.</summary>
public class Ids
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz"; // Crockford's base32

    /// <summary>Such as <c>lock_7k3m…</c>.</summary>
    public string New(string prefix) => $"{prefix}_{new string(Draw(20))}";

    /// <summary>A number in [0, 1), for jitter.</summary>
    public virtual double Chance() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;

    protected virtual char[] Draw(int length) => RandomNumberGenerator.GetItems<char>(Alphabet, length);
}
