using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Pipeline.Tools.Generation.Providers;

namespace Pipeline.Tools.Generation.Vendors;

/// <summary>What an answer that is no success means.</summary>
/// <param name="Class">Rejected when the vendor surely did nothing; Ambiguous otherwise.</param>
internal sealed record Refusal(SubmissionClass Class, string Code, string? Message, bool Retryable, double? RetryAfterSeconds);

/// <summary>Reads refusals by a dialect's rules. When in doubt the outcome is unknown.</summary>
internal sealed class Refusals(ErrorRules rules, VendorSecrets secrets, TimeProvider time)
{
    public Refusal Read(int status, HttpResponseHeaders? headers, JsonNode? body)
    {
        var (code, text) = (Pointers.Text(body, rules.Code), Pointers.Text(body, rules.Message));
        var message = secrets.Clean($"The vendor answered {status}{(code is null ? "" : $" {code}")}{(text is null ? "." : $": {text}")}");
        var rule = rules.Rules.FirstOrDefault(rule => rule.Status.Contains(status) && (rule.Words.Count == 0 || rule.Words.Any(word => Has(code, word) || Has(text, word))));
        var (meaning, retryable, refused) = Usual(status);
        return new(
            refused || rule is { Unbilled: true } ? SubmissionClass.Rejected : SubmissionClass.Ambiguous,
            rule?.Code ?? meaning, message, rule?.Retryable ?? retryable, RetryAfterSeconds(headers, body));
    }

    /// <summary>What was asked to wait: by the header as seconds or a date, or by the body.</summary>
    public double? RetryAfterSeconds(HttpResponseHeaders? headers, JsonNode? body) => headers?.RetryAfter switch
    {
        { Delta: { } delta } => delta.TotalSeconds,
        { Date: { } date } => Math.Max(0, (date - time.GetUtcNow()).TotalSeconds),
        _ => rules.RetryAfterSeconds is { } pointer && Pointers.Number(body, pointer) is { } seconds and >= 0 and < 1_000_000 ? (double)seconds : null,
    };

    // 408 and 499 come from gateways that may have passed the request on; 409 says that another attempt of the same intent is under way or done.
    private static (string Code, bool Retryable, bool IsRefused) Usual(int status) => status switch
    {
        429 => ("rate_limited", true, true),
        402 => ("quota_exhausted", false, true),
        401 or 403 => ("unauthorized", false, true),
        408 or 409 or 499 => ("vendor_error", false, false),
        425 => ("rate_limited", true, true),
        >= 400 and < 500 => ("bad_request", false, true),
        _ => ("vendor_error", false, false),
    };

    private static bool Has(string? text, string word) => text?.Contains(word, StringComparison.OrdinalIgnoreCase) == true;
}
