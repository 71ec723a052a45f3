using System.Security.Cryptography;
using Pipeline.Tools.Generation.Providers;

namespace Pipeline.Tools.Generation.Vendors;

/// <summary>Verifies and reads a vendor's webhooks.</summary>
internal sealed class HookReading(HookRule? rule, VendorSecrets secrets, Reports reports, HookKeys? keys)
{
    private const int MaxIdCharacters = 200;

    public HookNotice Read(IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        if (rule is null)
        {
            return Refused("this provider sends no webhooks");
        }

        var known = rule.Algorithm == HookAlgorithm.Ed25519 ? keys?.Known ?? [] : secrets.Hook is { } secret ? [HookSignature.KeyOf(secret)] : [];
        if (known.Count == 0)
        {
            Fetch();
            return Refused(rule.Algorithm == HookAlgorithm.Ed25519 ? "the vendor's public keys are not here yet" : "no secret for this provider's webhooks is set in the server's environment");
        }

        var folded = new Dictionary<string, string>(headers.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in headers)
        {
            folded[name] = value;
        }

        if (HookSignature.ProblemOf(rule, folded, body, known, now) is { } problem)
        {
            Fetch();
            return Refused(problem);
        }

        if (VendorDoor.Parse(body.Span) is not { } document || Pointers.Text(document, rule.JobId) is not { Length: <= MaxIdCharacters } job)
        {
            return Refused("its body names no job");
        }

        // What is signed without an id of its own is the same delivery when it is the same body.
        var delivery = rule.IdHeader is { } idHeader ? folded[idHeader] : Convert.ToHexStringLower(SHA256.HashData(body.Span));
        var report = rule.Report is { } form ? VendorPolling.Complete(reports.Read(form, document, null, job, null)) : null;
        return new(true, null, delivery, job, report is { Standing: JobStanding.Failed, Code: "no_result" } ? null : report);
    }

    private void Fetch() => _ = keys?.FetchAsync(CancellationToken.None);

    private static HookNotice Refused(string problem) => new(false, problem, null, null, null);
}
