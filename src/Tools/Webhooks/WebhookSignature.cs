using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Tools.Webhooks;

/// <summary>Signatures of Standard Webhooks, version 1: HMAC-SHA256 over <c>id.timestamp.body</c> (standardwebhooks.com).</summary>
public static class WebhookSignature
{
    /// <summary>The value of the header <c>webhook-signature</c>.</summary>
    /// <param name="secret"><c>whsec_</c> and base64.</param>
    /// <param name="id">The message's id.</param>
    /// <param name="timestampSeconds">When it is sent, in seconds since the Unix epoch.</param>
    /// <param name="body">Exactly what is sent.</param>
    public static string Sign(string secret, string id, long timestampSeconds, string body)
    {
        var signed = Encoding.UTF8.GetBytes($"{id}.{timestampSeconds.ToString(CultureInfo.InvariantCulture)}.{body}");
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(WebhookSecret.Key(secret), signed));
    }
}
