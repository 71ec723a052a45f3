using System.Globalization;
using System.Net;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Egress;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Models;

namespace Pipeline.Tools.Generation.Vendors;

/// <summary>
/// Fetches a result from an address that the vendor named, as guarded as any address of a stranger's. What broke off is taken up where it stopped, if the
/// other side says that it is still the same thing. The file appears whole or not at all.
/// </summary>
internal sealed class VendorDownload(
    DownloadRule rule, ProviderEntry entry, VendorAddresses addresses, VendorRequests requests, VendorSecrets secrets, GuardedHttp http, TimeProvider time)
{
    private const int MaxHops = 5;
    private const int MaxTries = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="address">As the vendor named it.</param>
    /// <param name="model">Says what kind of media is expected.</param>
    /// <param name="file">Where it goes.</param>
    /// <param name="cancellation">Cancels; the only thing that throws.</param>
    public async Task<FetchOutcome> FetchAsync(string address, ModelCard model, string file, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var start))
        {
            return new(false, Gone: true, "bad_address", "What the vendor named as its result is no address.");
        }

        var part = new Part(file + ".part");
        FetchOutcome outcome;
        var tries = 0;
        do
        {
            var before = part.SizeBytes;
            outcome = await TryAsync(start, model, part, cancellation).ConfigureAwait(false);
            if (outcome.Fetched)
            {
                File.Move(part.Path, file, overwrite: true);
                return outcome;
            }

            tries = part.SizeBytes > before ? 1 : tries + 1; // only tries in a row count in which nothing came
        }
        while (outcome is { Gone: false, Code: "broken" } && tries < MaxTries);

        return outcome;
    }

    private async Task<FetchOutcome> TryAsync(Uri start, ModelCard model, Part part, CancellationToken cancellation)
    {
        try
        {
            using var response = await FollowAsync(start, part, cancellation).ConfigureAwait(false);
            return response is null ? new(false, Code: "broken", Message: "The result's address redirects on and on.") : await TakeAsync(response, model, part, cancellation).ConfigureAwait(false);
        }
        catch (EgressRefusedError refused)
        {
            return new(false, Code: refused.Code, Message: secrets.Clean(refused.Message)); // an operator who lists the host mends it
        }
        catch (Exception failure) when (failure is HttpRequestException or TimeoutException or IOException)
        {
            return new(false, Code: "broken", Message: "The result's download broke off or its host is out of reach.");
        }
    }

    private async Task<HttpResponseMessage?> FollowAsync(Uri start, Part part, CancellationToken cancellation)
    {
        var address = start;
        for (var hop = 0; hop <= MaxHops; hop++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (rule.Authorized && addresses.IsBase(address))
            {
                requests.Sign(request);
            }

            part.AskForRest(request);
            var response = await http.SendAsync(request, Patience, cancellation).ConfigureAwait(false);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
                || response.Headers.Location is not { } location)
            {
                return response;
            }

            response.Dispose();
            var next = new Uri(address, location);
            address = address.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps ? throw new EgressRefusedError(next.Host, "is a redirect away from https") : next;
        }

        return null;
    }

    private async Task<FetchOutcome> TakeAsync(HttpResponseMessage response, ModelCard model, Part part, CancellationToken cancellation)
    {
        var status = (int)response.StatusCode;
        if (rule.GoneStatuses.Contains(status))
        {
            return new(false, Gone: true, "expired", $"The result is gone: its host answered {status.ToString(CultureInfo.InvariantCulture)}.");
        }

        if (status == 416 || (status == 206 && !part.Continues(response)))
        {
            part.Restart();
            return new(false, Code: "broken", Message: "The result's host answered another range than asked for.");
        }

        if (status is not (200 or 206))
        {
            return new(false, Code: status == 429 ? "rate_limited" : "vendor_error", Message: $"The result's host answered {status.ToString(CultureInfo.InvariantCulture)}.",
                RetryAfterSeconds: response.Headers.RetryAfter?.Delta?.TotalSeconds);
        }

        if (status == 200)
        {
            part.Begin(response);
        }

        if (part.TotalBytes > entry.MaxResultBytes)
        {
            return TooLarge();
        }

        if (!await AppendAsync(response, part, cancellation).ConfigureAwait(false))
        {
            return TooLarge();
        }

        return part.SizeBytes < part.TotalBytes ? new(false, Code: "broken", Message: "Only a part of the result came.") : await KindAsync(part, model, cancellation).ConfigureAwait(false);
    }

    private async Task<bool> AppendAsync(HttpResponseMessage response, Part part, CancellationToken cancellation)
    {
        var content = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var file = new FileStream(part.Path, FileMode.Append, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous);
        await using (content.ConfigureAwait(false))
        await using (file.ConfigureAwait(false))
        {
            var patient = new PatientStream(content, Patience, time);
            var buffer = new byte[1 << 17];
            for (int read; (read = await patient.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;)
            {
                if (file.Position + read > entry.MaxResultBytes)
                {
                    return false;
                }

                await file.WriteAsync(buffer.AsMemory(0, read), CancellationToken.None).ConfigureAwait(false);
            }

            return true;
        }
    }

    // Pages and error documents that come with a 200 are no media; they are asked for again, because a host in trouble sends them.
    private static async Task<FetchOutcome> KindAsync(Part part, ModelCard model, CancellationToken cancellation)
    {
        var head = new byte[ContentSniff.HeadBytes];
        var file = File.OpenRead(part.Path);
        await using (file.ConfigureAwait(false))
        {
            head = head[..await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false)];
        }

        var isText = ContentSniff.TypeOf(head)?.StartsWith("text/", StringComparison.Ordinal) == true;
        if (head.Length == 0 || (isText && !model.Outputs.Contains(MediaKind.Text)))
        {
            part.Restart();
            return new(false, Code: "type_mismatch", Message: "What came instead of the result is a page or empty.");
        }

        return new(true);
    }

    private FetchOutcome TooLarge() => new(false, Code: "too_large", Message: $"The result is larger than the {entry.MaxResultBytes} bytes that the provider's entry allows.");

    /// <summary>What came so far, and what tells whether the rest still belongs to it.</summary>
    private sealed class Part
    {
        private Validator _validator = new(null, null);

        public Part(string path)
        {
            Path = path;
            Restart();
        }

        public string Path { get; }

        public long? TotalBytes { get; private set; }

        public long SizeBytes => new FileInfo(Path) is { Exists: true } file ? file.Length : 0;

        public void Restart()
        {
            File.Delete(Path);
            (_validator, TotalBytes) = (new(null, null), null);
        }

        public void Begin(HttpResponseMessage response)
        {
            Restart();
            (_validator, TotalBytes) = (Validator.Of(response), response.Content.Headers.ContentLength);
        }

        public void AskForRest(HttpRequestMessage request)
        {
            if (!_validator.Exists || SizeBytes == 0)
            {
                Restart();
                return;
            }

            _validator.AskForRest(request, SizeBytes);
        }

        public bool Continues(HttpResponseMessage part) =>
            SizeBytes > 0 && part.Content.Headers.ContentRange is { From: { } from } range && from == SizeBytes && (range.Length is null || TotalBytes is null || range.Length == TotalBytes) && !_validator.IsContradictedBy(part);
    }
}
