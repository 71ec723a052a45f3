using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Faults.Stores;

/// <summary>
/// What a real store refuses and the test server lets pass: unknown keys, wrong or expired signatures (Signature Version 4, in the header or
/// the address), and bodies of another hash than the request names.
/// </summary>
/// <param name="accessKey">The key it knows.</param>
/// <param name="secretKey">Its secret.</param>
public sealed class SignatureCheck(string accessKey, string secretKey)
{
    /// <summary>How far its clock is ahead.</summary>
    public TimeSpan Ahead { get; set; }

    /// <summary>The error code, or null when all is as it must be.</summary>
    public string? Refuse(ProxyRequest request)
    {
        var raw = request.Target;
        var (path, query) = raw.IndexOf('?', StringComparison.Ordinal) is var at && at >= 0 ? (raw[..at], raw[(at + 1)..]) : (raw, "");
        var fields = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(field => field.Contains('=', StringComparison.Ordinal) ? field : field + "=").ToList();
        var given = fields.ToDictionary(field => field[..field.IndexOf('=', StringComparison.Ordinal)], field => Uri.UnescapeDataString(field[(field.IndexOf('=', StringComparison.Ordinal) + 1)..]), StringComparer.Ordinal);
        var isInAddress = given.ContainsKey("X-Amz-Signature");
        var parts = isInAddress ? null : Header(request.Headers.GetValueOrDefault("Authorization"));
        if (!isInAddress && parts is null)
        {
            return "AccessDenied";
        }

        var credential = isInAddress ? given["X-Amz-Credential"] : parts!["Credential"];
        if (!credential.StartsWith(accessKey + "/", StringComparison.Ordinal))
        {
            return "InvalidAccessKeyId";
        }

        var date = isInAddress ? given["X-Amz-Date"] : request.Headers["X-Amz-Date"];
        if (isInAddress && DateTimeOffset.ParseExact(date, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
            + TimeSpan.FromSeconds(int.Parse(given["X-Amz-Expires"], CultureInfo.InvariantCulture)) < TimeProvider.System.GetUtcNow() + Ahead)
        {
            return "AccessDenied";
        }

        var signed = (isInAddress ? given["X-Amz-SignedHeaders"] : parts!["SignedHeaders"]).Split(';');
        var canonical = string.Join('\n',
            request.Method, path,
            string.Join('&', fields.Where(field => !field.StartsWith("X-Amz-Signature=", StringComparison.Ordinal)).Order(StringComparer.Ordinal)),
            string.Concat(signed.Select(name => $"{name}:{request.Headers.GetValueOrDefault(name)}\n")),
            string.Join(';', signed),
            isInAddress ? "UNSIGNED-PAYLOAD" : request.Headers.GetValueOrDefault("X-Amz-Content-SHA256"));
        var expected = Sign(credential, date, canonical);
        return expected != (isInAddress ? given["X-Amz-Signature"] : parts!["Signature"]) ? "SignatureDoesNotMatch" : BodyRefusal(request);
    }

    private static string? BodyRefusal(ProxyRequest request)
    {
        var hash = SHA256.HashData(request.Body);
        return request.Headers.GetValueOrDefault("x-amz-checksum-sha256") is { } sum && sum != Convert.ToBase64String(hash) ? "BadDigest"
            : request.Headers.GetValueOrDefault("X-Amz-Content-SHA256") is { Length: 64 } named && named != Convert.ToHexStringLower(hash) ? "XAmzContentSHA256Mismatch" : null;
    }

    private static Dictionary<string, string>? Header(string? authorization) => authorization is null ? null
        : authorization[(authorization.IndexOf(' ', StringComparison.Ordinal) + 1)..].Split(',').Select(part => part.Trim().Split('=', 2)).ToDictionary(part => part[0], part => part[1], StringComparer.Ordinal);

    private string Sign(string credential, string date, string canonical)
    {
        var scope = credential[(credential.IndexOf('/', StringComparison.Ordinal) + 1)..];
        var key = Encoding.UTF8.GetBytes("AWS4" + secretKey);
        foreach (var part in scope.Split('/'))
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        var text = $"AWS4-HMAC-SHA256\n{date}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
    }
}
