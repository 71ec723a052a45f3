using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.McpServer.Demo;

/// <summary>
/// A receiver's side of Standard Webhooks: HMAC-SHA256 over <c>id.timestamp.body</c>, compared in constant time, refused when it is old.
/// Written apart from the sender, so that one checks the other. Pure.
/// </summary>
public static class WebhookSignatureCheck
{
    private const string SecretPrefix = "whsec_";
    private const string VersionPrefix = "v1,";
    private const long ToleranceSeconds = 300;

    /// <param name="secret">As subscribe_webhook gave it.</param>
    /// <param name="id">The header <c>webhook-id</c>.</param>
    /// <param name="timestamp">The header <c>webhook-timestamp</c>, in seconds since the Unix epoch.</param>
    /// <param name="signatures">The header <c>webhook-signature</c>: one or more, separated by blanks.</param>
    /// <param name="body">Exactly what came.</param>
    /// <param name="now">The receiver's clock.</param>
    /// <returns>Null when it holds, else why not.</returns>
    public static string? Refuse(string secret, string? id, string? timestamp, string? signatures, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(signatures) || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var sentAtSeconds))
        {
            return "its headers are not those of Standard Webhooks";
        }

        if (Math.Abs(now.ToUnixTimeSeconds() - sentAtSeconds) > ToleranceSeconds)
        {
            return "it is too old, or from the future";
        }

        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var expected = HMACSHA256.HashData(Convert.FromBase64String(secret[SecretPrefix.Length..]), signed);
        return signatures.Split(' ').Any(one => IsSame(one, expected)) ? null : "its signature does not hold";
    }

    private static bool IsSame(string signature, byte[] expected)
    {
        var given = new byte[expected.Length];
        return signature.StartsWith(VersionPrefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(signature[VersionPrefix.Length..], given, out var written)
            && written == expected.Length && CryptographicOperations.FixedTimeEquals(given, expected);
    }
}
