using System.Net;
using ModelContextProtocol;
using Pipeline.Storage;
using Pipeline.Storage.Objects;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Egress;

namespace Pipeline.Tools.Assets;

/// <summary>
/// Fetches an address through the guarded client into a work file: follows redirects itself, checking each hop, and takes a download that broke off
/// up again where it stopped, if the server says that it is still the same thing.
/// </summary>
internal sealed class UrlImport(GuardedHttp http, IObjectStore objects, DataFolder data, Ids ids, ImportOptions options, TimeProvider time)
{
    private const int MaxHops = 5;
    private const int CopyBytes = 1 << 17;

    public async Task<Imported> FetchAsync(Caller caller, string url, long maxBytes, IProgress<ProgressNotificationValue> progress, CancellationToken cancellation)
    {
        var address = await http.CheckAsync(url, "url", caller, cancellation).ConfigureAwait(false);
        var partial = new PartialDownload(Path.Combine(data.Work, ids.New("import")));
        try
        {
            for (var attempt = 1; await TryFetchAsync(caller, address, partial, maxBytes, progress, cancellation).ConfigureAwait(false) is { } failure; attempt++)
            {
                if (attempt == options.MaxAttempts)
                {
                    throw failure;
                }

                await Task.Delay(options.Backoff * Math.Pow(2, attempt - 1), time, cancellation).ConfigureAwait(false);
            }

            var head = await HeadAsync(partial.Path, cancellation).ConfigureAwait(false);
            return new(await objects.AdoptAsync(partial.Path, cancellation).ConfigureAwait(false), head, address.GetLeftPart(UriPartial.Path));
        }
        finally
        {
            partial.Restart();
        }
    }

    // Null when all is there; a failure that is worth another attempt otherwise.
    private async Task<ImportFailedError?> TryFetchAsync(
        Caller caller, Uri address, PartialDownload partial, long maxBytes, IProgress<ProgressNotificationValue> progress, CancellationToken cancellation)
    {
        try
        {
            using var response = await FollowAsync(caller, address, partial, cancellation).ConfigureAwait(false);
            return await TakeAsync(response, partial, maxBytes, progress, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is HttpRequestException or TimeoutException or HttpIOException || (failure is IOException && failure.InnerException is System.Net.Sockets.SocketException))
        {
            return new ImportFailedError(address.Host, failure is TimeoutException ? "did not answer in time" : "could not be reached or broke off");
        }
    }

    private async Task<HttpResponseMessage> FollowAsync(Caller caller, Uri address, PartialDownload partial, CancellationToken cancellation)
    {
        for (var hop = 0; hop <= MaxHops; hop++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            partial.AskForRest(request);
            var response = await http.SendAsync(request, options.Patience, cancellation).ConfigureAwait(false);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                    or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect) || response.Headers.Location is not { } location)
            {
                return response;
            }

            response.Dispose();
            var next = new Uri(address, location);
            if (address.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps)
            {
                throw new EgressRefusedError(next.Host, "is a redirect away from https");
            }

            address = await http.CheckAsync(next.AbsoluteUri, "url", caller, cancellation).ConfigureAwait(false);
        }

        throw new ImportFailedError(address.Host, $"redirects more than {MaxHops} times");
    }

    private async Task<ImportFailedError?> TakeAsync(
        HttpResponseMessage response, PartialDownload partial, long maxBytes, IProgress<ProgressNotificationValue> progress, CancellationToken cancellation)
    {
        var host = response.RequestMessage!.RequestUri!.Host;
        var status = (int)response.StatusCode;
        switch (status)
        {
            case 200:
                partial.Restart();
                break;
            case 206 when response.Content.Headers.ContentRange?.From == partial.SizeBytes && partial.SizeBytes > 0:
                break;
            case 206 or 416:
                partial.Restart();
                return new ImportFailedError(host, "answered another range than asked for", status);
            case 408 or 425 or 429 or >= 500:
                return new ImportFailedError(host, $"answered {status}", status);
            default:
                throw new ImportFailedError(host, $"answered {status}", status);
        }

        var before = partial.SizeBytes;
        var total = response.Content.Headers.ContentLength + before;
        if (total > maxBytes)
        {
            throw new TooLargeError(total.Value, maxBytes);
        }

        partial.Remember(response);
        var content = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            var counted = new ProgressStream(new PatientStream(content, options.Patience, time), total, maxBytes, progress, before);
            await using (counted.ConfigureAwait(false))
            {
                var file = partial.Append();
                await using (file.ConfigureAwait(false))
                {
                    await counted.CopyToAsync(file, CopyBytes, cancellation).ConfigureAwait(false);
                }
            }
        }

        return null;
    }

    private static async Task<byte[]> HeadAsync(string path, CancellationToken cancellation)
    {
        var file = File.OpenRead(path);
        await using (file.ConfigureAwait(false))
        {
            var head = new byte[ContentSniff.HeadBytes];
            var read = await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
            return head[..read];
        }
    }
}
