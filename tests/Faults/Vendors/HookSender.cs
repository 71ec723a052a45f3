using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Tools.Webhooks;

namespace Pipeline.Faults.Vendors;

/// <summary>Tells by webhook how jobs ended, signed as each dialect does, and sometimes as nobody should.</summary>
internal sealed class HookSender(VendorSettings settings, CancellationToken end) : IDisposable
{
    private const int Attempts = 3;

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>Ed25519; the public half is at the address of the keys.</summary>
    public static byte[] Seed { get; } = SHA256.HashData("the vendor's signing key"u8);

    /// <summary>What a job's webhook says.</summary>
    public Func<VendorJob, JsonObject> Body { get; set; } = static _ => [];

    /// <summary>Sends when the job has ended.</summary>
    public void Plan(VendorJob job)
    {
        if (job.HookUrl is not null)
        {
            _ = SendAsync(job);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The headers of a webhook.</summary>
    public static Dictionary<string, string> Sign(string door, string secret, byte[] seed, string id, long timestampSeconds, string body)
    {
        var time = timestampSeconds.ToString(CultureInfo.InvariantCulture);
        if (door == "fal")
        {
            var message = $"{id}\nuser-1\n{time}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)))}";
            return new()
            {
                ["X-Fal-Webhook-Request-Id"] = id, ["X-Fal-Webhook-User-Id"] = "user-1", ["X-Fal-Webhook-Timestamp"] = time,
                ["X-Fal-Webhook-Signature"] = Convert.ToHexStringLower(Ed25519.Sign(seed, Encoding.UTF8.GetBytes(message))),
            };
        }

        return new() { ["webhook-id"] = id, ["webhook-timestamp"] = time, ["webhook-signature"] = WebhookSignature.Sign(secret, id, timestampSeconds, body) };
    }

    private async Task SendAsync(VendorJob job)
    {
        try
        {
            await Task.Delay(job.Takes + TimeSpan.FromMilliseconds(job.Fault == VendorFault.HookLate ? 1500 : 20), end);
            var body = Body(job).ToJsonString();
            if (job.Fault == VendorFault.HookForged)
            {
                var lie = body.Replace("OK", "ERROR", StringComparison.Ordinal).Replace("succeeded", "failed", StringComparison.Ordinal);
                await PostAsync(job, lie, WebhookSecret.Make(), SHA256.HashData("another key"u8), 0);
            }

            var times = job.Fault switch { VendorFault.HookLost => 0, VendorFault.HookTwice => 3, _ => 1 };
            for (var sent = 0; sent < times; sent++)
            {
                for (var attempt = 0; attempt < Attempts && !await PostAsync(job, body, settings.HookSecret, Seed, job.Fault == VendorFault.HookOld ? -3600 : 0); attempt++)
                {
                    await Task.Delay(TimeSpan.FromSeconds(1), end);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The vendor closes.
        }
    }

    private async Task<bool> PostAsync(VendorJob job, string body, string secret, byte[] seed, int offsetSeconds)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, job.HookUrl) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in Sign(job.Door, secret, seed, $"{job.Id}", TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + offsetSeconds, body))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using var response = await _http.SendAsync(request, end);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // the receiver is down
        }
        catch (TaskCanceledException) when (!end.IsCancellationRequested)
        {
            return false;
        }
    }
}
