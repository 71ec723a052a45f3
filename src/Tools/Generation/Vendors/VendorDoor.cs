using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Tools.Egress;

namespace Pipeline.Tools.Generation.Vendors;

/// <summary>Asks a vendor about what it has; asking buys nothing and may be repeated.</summary>
internal sealed class VendorDoor(GuardedHttp http)
{
    private const int MaxAnswerBytes = 16 << 20;

    /// <summary>Sends and reads the JSON answer.</summary>
    /// <param name="request">To one of the vendor's own hosts.</param>
    /// <param name="timeout">Until the headers are there, and as long again for the rest.</param>
    /// <param name="cancellation">Cancels; the only thing that throws.</param>
    public async Task<VendorAnswer> AskAsync(HttpRequestMessage request, TimeSpan timeout, CancellationToken cancellation)
    {
        try
        {
            using var response = await http.SendAsync(request, timeout, cancellation).ConfigureAwait(false);
            using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            late.CancelAfter(timeout);
            var body = await BytesAsync(response, MaxAnswerBytes, late.Token).ConfigureAwait(false);
            return new((int)response.StatusCode, response.Headers, body is null ? null : Parse(body), null);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested && failure is TimeoutException or OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            return new(null, null, null, "timeout");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or EgressRefusedError)
        {
            return new(null, null, null, "unreachable");
        }
    }

    /// <summary>The whole body; null when it is larger than allowed.</summary>
    public static async Task<byte[]?> BytesAsync(HttpResponseMessage response, int maxBytes, CancellationToken cancellation)
    {
        var content = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            using var kept = new MemoryStream();
            var buffer = new byte[1 << 16];
            for (int read; (read = await content.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;)
            {
                if (kept.Length + read > maxBytes)
                {
                    return null;
                }

                kept.Write(buffer, 0, read);
            }

            return kept.ToArray();
        }
    }

    /// <summary>A JSON object or array; null for everything else.</summary>
    public static JsonNode? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            // A name that stands twice is found out when the members are looked at for the first time.
            var node = JsonNode.Parse(body, documentOptions: new() { MaxDepth = 64 });
            _ = node is JsonObject members ? members.Count : 0;
            return node is JsonObject or JsonArray ? node : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or ArgumentException)
        {
            return null;
        }
    }
}

/// <summary>What a vendor answered.</summary>
/// <param name="Status">Null when no whole answer came.</param>
/// <param name="Headers">With a status.</param>
/// <param name="Body">Null when it is no JSON document.</param>
/// <param name="Failure">timeout or unreachable.</param>
internal sealed record VendorAnswer(int? Status, HttpResponseHeaders? Headers, JsonNode? Body, string? Failure)
{
    public bool IsSuccess => Status is >= 200 and < 300;
}
