using System.Text;
using ModelContextProtocol;
using Pipeline.Storage.Objects;
using Pipeline.Tools.Assets.Shares;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Egress;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Assets;

/// <summary>
/// Fetches an address through the guarded client. A download that broke off, be it with the server's own end, is taken up again where it stopped if the
/// other side says that it is still the same thing; else it starts anew.
/// </summary>
internal sealed class UrlImport(GuardedHttp http, Redirects redirects, IObjectStore objects, Downloads downloads, ShareResolver resolve, ImportOptions options, TimeProvider time)
{
    private const int MostPageBytes = 256 * 1024;

    /// <summary>Fetches, and keeps what came until the write has ended it: a write that is refused costs no second download.</summary>
    public async Task<Imported> FetchAsync(
        string id, Call call, AssetName target, string url, long maxBytes, IProgress<ProgressNotificationValue> progress, CancellationToken cancellation)
    {
        var fetch = await BeginAsync(id, call, target, url, maxBytes, progress, cancellation).ConfigureAwait(false);
        var most = fetch.Partial.SizeBytes;
        for (var failures = 0; ;)
        {
            if (await TryFetchAsync(fetch, cancellation).ConfigureAwait(false) is { } failure)
            {
                // Only failures in a row count in which nothing came.
                (failures, most) = fetch.Partial.SizeBytes > most ? (1, fetch.Partial.SizeBytes) : (failures + 1, most);
                if (failures == options.MaxAttempts)
                {
                    throw failure;
                }

                await Task.Delay(options.Backoff * Math.Pow(2, failures - 1), time, cancellation).ConfigureAwait(false);
            }
            else if (await fetch.Partial.StoreAsync(objects, cancellation).ConfigureAwait(false) is { } stored)
            {
                return stored.SizeBytes > maxBytes ? throw new TooLargeError(stored.SizeBytes, maxBytes)
                    : new(stored, await ContentSniff.HeadAsync(objects, stored, cancellation).ConfigureAwait(false), fetch.Source, id);
            }
            else
            {
                fetch.Partial.Restart(); // the object was cleaned away meanwhile
            }
        }
    }

    private async Task<Fetch> BeginAsync(
        string id, Call call, AssetName target, string url, long maxBytes, IProgress<ProgressNotificationValue> progress, CancellationToken cancellation)
    {
        var named = Uri.TryCreate(url, UriKind.Absolute, out var address) ? resolve(address) : null;
        var isShare = named is not null && named != address;
        var start = await http.CheckAsync(isShare ? named!.AbsoluteUri : url, "url", call.Caller, cancellation).ConfigureAwait(false);
        var partial = await downloads.OpenAsync(id, call, target, address!.Host, cancellation).ConfigureAwait(false);
        return new(call.Caller, partial, ShareLink.ProviderOf(address), address.GetLeftPart(UriPartial.Path), maxBytes, progress) { Address = start };
    }

    // Null when all is there; a failure that is worth another attempt otherwise.
    private async Task<ImportFailedError?> TryFetchAsync(Fetch fetch, CancellationToken cancellation)
    {
        try
        {
            using var response = await redirects.FollowAsync(fetch.Caller, fetch.Address, fetch.Provider, fetch.Partial.Ask, cancellation).ConfigureAwait(false);
            if (fetch.Provider is null || !response.IsSuccessStatusCode || response.Content.Headers.ContentType?.MediaType != "text/html")
            {
                return await TakeAsync(fetch, response, cancellation).ConfigureAwait(false);
            }

            await PassPageAsync(fetch, response, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is HttpRequestException or TimeoutException or HttpIOException || (failure is IOException && failure.InnerException is System.Net.Sockets.SocketException))
        {
            return Failed(fetch, fetch.Address.Host, failure is TimeoutException ? "did not answer in time" : "could not be reached or broke off");
        }

        return await TryFetchAsync(fetch, cancellation).ConfigureAwait(false);
    }

    // A page instead of the file: once, where its provider documents a way on, it is followed.
    private async Task PassPageAsync(Fetch fetch, HttpResponseMessage response, CancellationToken cancellation)
    {
        var page = new byte[MostPageBytes];
        var content = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        int read;
        await using (content.ConfigureAwait(false))
        {
            read = await new PatientStream(content, options.Patience, time).ReadAtLeastAsync(page, page.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        }

        var beyond = fetch.WasConfirmed ? throw NotDownloadableError.Page(fetch.Provider!)
            : ShareLink.Beyond(fetch.Provider!, Encoding.UTF8.GetString(page, 0, read), response.RequestMessage!.RequestUri!);
        fetch.Address = await http.CheckAsync(beyond.AbsoluteUri, "url", fetch.Caller, cancellation).ConfigureAwait(false);
        fetch.WasConfirmed = true;
    }

    private async Task<ImportFailedError?> TakeAsync(Fetch fetch, HttpResponseMessage response, CancellationToken cancellation)
    {
        var (partial, host, status) = (fetch.Partial, response.RequestMessage!.RequestUri!.Host, (int)response.StatusCode);
        switch (status)
        {
            case 304 when partial.IsWhole:
                return null;
            case 200:
                await partial.BeginAsync(response, cancellation).ConfigureAwait(false);
                break;
            case 206 when partial.Continues(response):
                break;
            case 206 or 416:
                partial.Restart();
                return Failed(fetch, host, "answered another range than asked for", status);
            case 408 or 425 or 429 or >= 500:
                return Failed(fetch, host, $"answered {status}", status);
            case 401 or 403 or 404 when fetch.Provider is { } provider:
                throw NotDownloadableError.SignIn(provider);
            default:
                throw Failed(fetch, host, $"answered {status}", status);
        }

        var before = partial.SizeBytes;
        var total = response.Content.Headers.ContentLength + before;
        if (total > fetch.MaxBytes)
        {
            throw new TooLargeError(total.Value, fetch.MaxBytes);
        }

        var content = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            var counted = new ProgressStream(new PatientStream(content, options.Patience, time), total, fetch.MaxBytes, fetch.Progress, before);
            await using (counted.ConfigureAwait(false))
            {
                await partial.AppendAsync(counted, cancellation).ConfigureAwait(false);
            }
        }

        return partial.IsShort ? Failed(fetch, host, "sent only a part") : null;
    }

    private static ImportFailedError Failed(Fetch fetch, string host, string reason, int? status = null) => new(host, reason, status, fetch.Partial.SizeBytes);

    private sealed record Fetch(Caller Caller, PartialDownload Partial, string? Provider, string Source, long MaxBytes, IProgress<ProgressNotificationValue> Progress)
    {
        /// <summary>Where to ask; a page that was passed sets it anew.</summary>
        public required Uri Address { get; set; }

        public bool WasConfirmed { get; set; }
    }
}
