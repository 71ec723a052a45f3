using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Tools.Webhooks;

/// <summary>
/// Signatures of Standard Webhooks over <c>id.timestamp.body</c> (standardwebhooks.com): v1 is HMAC-SHA256, v1a is ed25519.
/// </summary>
public static class WebhookSignature
{
    /// <summary>The value of the header <c>webhook-signature</c>: one signature for each secret, with blanks between.</summary>
    /// <param name="secrets">Checked; while a key is being replaced, the new and the old.</param>
    /// <param name="id">The message's id.</param>
    /// <param name="timestampSeconds">When it is sent, in seconds since the Unix epoch.</param>
    /// <param name="body">Exactly what is sent.</param>
    public static string Sign(IEnumerable<string> secrets, string id, long timestampSeconds, string body) =>
        string.Join(' ', secrets.Select(secret => Sign(secret, id, timestampSeconds, body)));

    /// <summary>The signature of one secret.</summary>
    public static string Sign(string secret, string id, long timestampSeconds, string body)
    {
        var signed = Encoding.UTF8.GetBytes($"{id}.{timestampSeconds.ToString(CultureInfo.InvariantCulture)}.{body}");
        var (kind, key) = (WebhookSecret.Kind(secret), WebhookSecret.Key(secret));
        return $"{kind},{Convert.ToBase64String(kind == WebhookSecret.V1 ? HMACSHA256.HashData(key, signed) : Ed25519.Sign(key, signed))}";
    }
}
