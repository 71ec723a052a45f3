using System.Security.Cryptography;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Webhooks;

/// <summary>Symmetric keys as Standard Webhooks writes them: <c>whsec_</c> and the base64 of 24 to 64 bytes.</summary>
public static class WebhookSecret
{
    private const string Prefix = "whsec_";
    private const int MadeBytes = 32;

    public static string Make() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(MadeBytes));

    /// <summary>Returns a secret that a caller brought.</summary>
    /// <exception cref="InvalidArgumentError">It is none; the message does not repeat it.</exception>
    public static string Check(string secret) => TryKey(secret) is { Length: >= 24 and <= 64 } ? secret
        : throw new InvalidArgumentError("secret", "A secret is 'whsec_' and the base64 of 24 to 64 random bytes; leave it out and one is made.");

    /// <summary>The bytes of a checked secret.</summary>
    public static byte[] Key(string secret) => TryKey(secret) ?? throw new ArgumentException("Not a webhook secret.", nameof(secret));

    private static byte[]? TryKey(string secret)
    {
        var key = new byte[secret.Length];
        return secret.StartsWith(Prefix, StringComparison.Ordinal) && Convert.TryFromBase64String(secret[Prefix.Length..], key, out var written) ? key[..written] : null;
    }
}
