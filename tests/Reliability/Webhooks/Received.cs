using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Tools.Tests.Webhooks;

namespace Pipeline.Reliability.Webhooks;

/// <summary>One request as a receiver got it.</summary>
/// <param name="Line">Method and path.</param>
/// <param name="Id">webhook-id.</param>
/// <param name="Timestamp">webhook-timestamp, seconds since the Unix epoch.</param>
/// <param name="Signature">webhook-signature.</param>
/// <param name="Body">As it came.</param>
/// <param name="Answered">What the receiver did.</param>
public sealed record Received(string Line, string Id, string Timestamp, string Signature, string Body, ReceiverFault Answered)
{
    /// <summary>The name that the notifying client gave the event.</summary>
    public string Name => (string?)JsonNode.Parse(Body)?["data"]?["n"] ?? "";

    /// <summary>True when one of the signatures is the key's, by the specification and without the product's code.</summary>
    /// <param name="key"><c>whsec_</c> or <c>whpk_</c> and base64.</param>
    public bool IsSignedBy(string key)
    {
        var (bytes, signed) = (Convert.FromBase64String(key[(key.IndexOf('_') + 1)..]), Encoding.UTF8.GetBytes($"{Id}.{Timestamp}.{Body}"));
        var signatures = Signature.Split(' ').Select(one => one.Split(',', 2)).ToLookup(one => one[0], one => Convert.FromBase64String(one[1]));
        return key.StartsWith("whpk_", StringComparison.Ordinal)
            ? signatures["v1a"].Any(signature => Ed25519Check.Holds(bytes, signed, signature))
            : signatures["v1"].Any(signature => signature.AsSpan().SequenceEqual(HMACSHA256.HashData(bytes, signed)));
    }
}
