using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Pipeline.Storage;
using Pipeline.Tools.Egress;

namespace Pipeline.Tools.Webhooks;

/// <summary>Sends a delivery once, signed as Standard Webhooks says. Whatever happens is an outcome, not an exception.</summary>
internal sealed class WebhookAttempt(GuardedHttp http, WebhookOptions options, TimeProvider time)
{
    private const int MaxErrorLength = 200;

    private static readonly Counter<long> Attempts = Tracing.Meter.CreateCounter<long>("pipeline.webhook.attempts", "{attempt}", "Requests to webhooks, by whether the receiver took them");

    public async Task<AttemptOutcome> SendAsync(DeliveryRow delivery, CancellationToken cancellation)
    {
        var outcome = await TryAsync(delivery, cancellation).ConfigureAwait(false);
        Attempts.Add(1, new("arrived", outcome.Arrived), new("http.response.status_code", outcome.Status));
        return outcome;
    }

    private async Task<AttemptOutcome> TryAsync(DeliveryRow delivery, CancellationToken cancellation)
    {
        var timestampSeconds = time.GetUtcNow().ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, delivery.Url);
        request.Headers.Add("webhook-id", delivery.DeliveryId);
        request.Headers.Add("webhook-timestamp", timestampSeconds.ToString(CultureInfo.InvariantCulture));
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(delivery.Body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        try
        {
            string[] secrets = delivery.OldSecret is null ? [delivery.Secret] : [delivery.Secret, delivery.OldSecret];
            request.Headers.Add("webhook-signature", WebhookSignature.Sign(secrets, delivery.DeliveryId, timestampSeconds, delivery.Body));
            using var response = await http.SendAsync(request, options.Timeout, cancellation).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            var error = status is >= 200 and < 300 ? null
                : status is >= 300 and < 400 ? $"answered {status}; redirects are not followed"
                : $"answered {status}";
            return new(status, error, RetryAfter(response.Headers.RetryAfter));
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            var error = failure is HttpRequestException { InnerException: { } inner } ? inner.Message : failure.Message;
            return new(null, error.Length > MaxErrorLength ? error[..MaxErrorLength] : error);
        }
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? asked)
    {
        var delay = asked?.Delta ?? (asked?.Date is { } date ? date - time.GetUtcNow() : null);
        return delay > TimeSpan.Zero ? delay : null;
    }
}
