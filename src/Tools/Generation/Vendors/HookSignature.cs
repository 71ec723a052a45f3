using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Pipeline.Tools.Webhooks;

namespace Pipeline.Tools.Generation.Vendors;

/// <summary>Verifies what a vendor's webhook is signed with, as its dialect says. Pure.</summary>
public static partial class HookSignature
{
    /// <summary>Why a webhook is not to be believed; null when its signature and time hold.</summary>
    /// <param name="rule">How it is signed.</param>
    /// <param name="headers">In any case.</param>
    /// <param name="body">As it came.</param>
    /// <param name="keys">Secrets or public keys, any of which may have signed.</param>
    /// <param name="now">Ours.</param>
    public static string? ProblemOf(HookRule rule, IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body, IReadOnlyList<byte[]> keys, DateTimeOffset now)
    {
        if (!headers.TryGetValue(rule.TimestampHeader, out var timestamp) || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return "it names no time";
        }

        if (!headers.TryGetValue(rule.SignatureHeader, out var signatures) || signatures.Length > 4096)
        {
            return "it has no signature";
        }

        if (rule.IdHeader is { } idHeader && (!headers.TryGetValue(idHeader, out var id) || id.Length is 0 or > 200))
        {
            return "it has no id";
        }

        if (Math.Abs(now.ToUnixTimeSeconds() - (decimal)seconds) > (decimal)rule.ToleranceSeconds)
        {
            return "its time is too far from ours";
        }

        var signed = Signed(rule, headers, timestamp, body.Span);
        var given = signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(text => text.StartsWith(rule.Prefix, StringComparison.Ordinal)).Select(text => Bytes(rule.Encoding, text[rule.Prefix.Length..])).OfType<byte[]>().ToList();
        return given.Any(signature => keys.Any(key => Holds(rule.Algorithm, key, signed, signature))) ? null : "its signature does not hold";
    }

    /// <summary>The bytes of a secret: those in a <c>whsec_</c> key, else the text itself.</summary>
    public static byte[] KeyOf(string secret)
    {
        const string Prefix = "whsec_";
        var key = new byte[secret.Length];
        return secret.StartsWith(Prefix, StringComparison.Ordinal) && Convert.TryFromBase64String(secret[Prefix.Length..], key, out var written) ? key[..written] : Encoding.UTF8.GetBytes(secret);
    }

    private static bool Holds(HookAlgorithm algorithm, byte[] key, byte[] signed, byte[] signature) => algorithm switch
    {
        HookAlgorithm.HmacSha256 => CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, signed), signature),
        _ => Ed25519.IsAvailable && Ed25519.Verify(key, signed, signature),
    };

    // The body goes in as bytes: it need not be text.
    private static byte[] Signed(HookRule rule, IReadOnlyDictionary<string, string> headers, string timestamp, ReadOnlySpan<byte> body)
    {
        using var all = new MemoryStream();
        var at = 0;
        foreach (Match match in Placeholder().Matches(rule.Signed))
        {
            all.Write(Encoding.UTF8.GetBytes(rule.Signed[at..match.Index]));
            at = match.Index + match.Length;
            var name = match.Groups[1].Value;
            all.Write(name switch
            {
                "body" => body,
                "body_sha256" => Encoding.UTF8.GetBytes(Convert.ToHexStringLower(SHA256.HashData(body))),
                "timestamp" => Encoding.UTF8.GetBytes(timestamp),
                "id" => Encoding.UTF8.GetBytes(rule.IdHeader is { } header ? headers[header] : ""),
                _ => Encoding.UTF8.GetBytes(headers.TryGetValue(name["header.".Length..], out var value) ? value : ""),
            });
        }

        all.Write(Encoding.UTF8.GetBytes(rule.Signed[at..]));
        return all.ToArray();
    }

    private static byte[]? Bytes(HookEncoding encoding, string text)
    {
        var bytes = new byte[text.Length];
        return encoding == HookEncoding.Hex
            ? text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : null
            : Convert.TryFromBase64String(text, bytes, out var written) ? bytes[..written] : null;
    }

    [GeneratedRegex(@"\{(id|timestamp|body_sha256|body|header\.[A-Za-z0-9\-]+)\}")]
    private static partial Regex Placeholder();
}
