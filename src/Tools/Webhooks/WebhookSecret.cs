using System.Security.Cryptography;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Webhooks;

/// <summary>
/// Keys as Standard Webhooks writes them: <c>whsec_</c> and the base64 of 24 to 64 bytes for v1 (HMAC-SHA256), <c>whsk_</c> and the base64 of a seed
/// of 32 bytes, or of seed and public key, for v1a (ed25519).
/// </summary>
public static class WebhookSecret
{
    /// <summary>The kinds of signature, as callers name them.</summary>
    public const string V1 = "v1", V1A = "v1a";

    private const string SharedPrefix = "whsec_", PrivatePrefix = "whsk_", PublicPrefix = "whpk_";
    private const int MadeBytes = 32;

    /// <summary>A new key.</summary>
    /// <param name="kind"><see cref="V1"/> or <see cref="V1A"/>.</param>
    /// <exception cref="SigningUnavailableError">v1a, and the machine cannot.</exception>
    public static string Make(string kind = V1)
    {
        var key = RandomNumberGenerator.GetBytes(MadeBytes);
        return kind == V1 ? SharedPrefix + Convert.ToBase64String(key)
            : Ed25519.IsAvailable ? PrivatePrefix + Convert.ToBase64String([.. key, .. Ed25519.PublicKey(key)])
            : throw new SigningUnavailableError();
    }

    /// <summary>Returns a secret that a caller brought.</summary>
    /// <exception cref="InvalidArgumentError">It is none; the message does not repeat it.</exception>
    /// <exception cref="SigningUnavailableError">A <c>whsk_</c> key, and the machine cannot use it.</exception>
    public static string Check(string secret)
    {
        if (TryBytes(secret, SharedPrefix) is { Length: >= 24 and <= 64 })
        {
            return secret;
        }

        if (TryBytes(secret, PrivatePrefix) is { Length: Ed25519.KeyBytes or 2 * Ed25519.KeyBytes } key)
        {
            var isPair = key.Length == Ed25519.KeyBytes || (Ed25519.IsAvailable ? Ed25519.PublicKey(key.AsSpan(0, Ed25519.KeyBytes)) : throw new SigningUnavailableError())
                .AsSpan().SequenceEqual(key.AsSpan(Ed25519.KeyBytes));
            return !isPair ? throw new InvalidArgumentError("secret", "The second half of a 'whsk_' secret of 64 bytes is the public key of the first half; this one's is not.")
                : Ed25519.IsAvailable ? secret
                : throw new SigningUnavailableError();
        }

        throw new InvalidArgumentError(
            "secret", "A secret is 'whsec_' and the base64 of 24 to 64 random bytes, 'whsk_' and that of an ed25519 key, or 'v1a' to have such a key made; leave it out and a 'whsec_' one is made.");
    }

    /// <summary>Which signature a checked secret makes.</summary>
    public static string Kind(string secret) => secret.StartsWith(SharedPrefix, StringComparison.Ordinal) ? V1 : V1A;

    /// <summary>What receivers of v1a verify with: <c>whpk_</c> and base64. Null for v1, whose receivers need the secret itself.</summary>
    public static string? PublicKey(string secret) => Kind(secret) == V1 ? null : PublicPrefix + Convert.ToBase64String(Ed25519.PublicKey(Key(secret)));

    /// <summary>The bytes of a checked secret: for v1a, the seed.</summary>
    public static byte[] Key(string secret) =>
        TryBytes(secret, SharedPrefix) ?? TryBytes(secret, PrivatePrefix)?[..Ed25519.KeyBytes] ?? throw new ArgumentException("Not a webhook secret.", nameof(secret));

    private static byte[]? TryBytes(string secret, string prefix)
    {
        var key = new byte[secret.Length];
        return secret.StartsWith(prefix, StringComparison.Ordinal) && Convert.TryFromBase64String(secret[prefix.Length..], key, out var written) ? key[..written] : null;
    }
}
