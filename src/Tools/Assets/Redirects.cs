using System.Net;
using Pipeline.Tools.Assets.Shares;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Egress;

namespace Pipeline.Tools.Assets;

/// <summary>Follows redirects by its own hand: every hop is checked as if the caller had named it. Cookies that a hop sets live for this one fetch.</summary>
internal sealed class Redirects(GuardedHttp http, ImportOptions options)
{
    private const int MaxHops = 5;

    /// <summary>The first answer that is no redirect.</summary>
    /// <param name="caller">Whose rights count.</param>
    /// <param name="address">Checked already.</param>
    /// <param name="provider">Whose share link led here; null when none did.</param>
    /// <param name="prepare">Completes each request.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<HttpResponseMessage> FollowAsync(Caller caller, Uri address, string? provider, Action<HttpRequestMessage> prepare, CancellationToken cancellation)
    {
        var cookies = new CookieContainer();
        for (var hop = 0; hop <= MaxHops; hop++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            prepare(request);
            if (cookies.GetCookieHeader(address) is { Length: > 0 } cookie)
            {
                request.Headers.Add("Cookie", cookie);
            }

            var response = await http.SendAsync(request, options.Patience, cancellation).ConfigureAwait(false);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                    or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect) || response.Headers.Location is not { } location)
            {
                return response;
            }

            Keep(cookies, address, response);
            response.Dispose();
            address = await NextAsync(caller, address, new Uri(address, location), provider, cancellation).ConfigureAwait(false);
        }

        throw new ImportFailedError(address.Host, $"redirects more than {MaxHops} times");
    }

    private async Task<Uri> NextAsync(Caller caller, Uri from, Uri next, string? provider, CancellationToken cancellation)
    {
        if (ShareLink.IsSignIn(next))
        {
            throw NotDownloadableError.SignIn(provider ?? next.Host);
        }

        return from.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps ? throw new EgressRefusedError(next.Host, "is a redirect away from https")
            : await http.CheckAsync(next.AbsoluteUri, "url", caller, cancellation).ConfigureAwait(false);
    }

    private static void Keep(CookieContainer cookies, Uri address, HttpResponseMessage response)
    {
        foreach (var set in response.Headers.TryGetValues("Set-Cookie", out var values) ? values : [])
        {
            try
            {
                cookies.SetCookies(address, set);
            }
            catch (CookieException)
            {
                // A cookie that is none is not sent back.
            }
        }
    }
}
