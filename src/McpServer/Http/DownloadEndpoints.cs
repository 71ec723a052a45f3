using Microsoft.Net.Http.Headers;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Calls;

namespace Pipeline.McpServer.Http;

/// <summary><c>GET /download/{token}</c> gives the bytes of one version, or a range of them, to the principal that the link was made for.</summary>
internal static class DownloadEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, IServiceProvider house, Func<HttpRequest, Caller?> identify) =>
        routes.MapMethods("/download/{token}", [HttpMethods.Get, HttpMethods.Head], async (HttpContext context, string token) =>
        {
            if (identify(context.Request) is not { } caller)
            {
                await Bearer.ChallengeAsync(context).ConfigureAwait(false);
                return;
            }

            var result = await TransferRefusal.GuardAsync(async () =>
            {
                var links = house.GetRequiredService<DownloadLinks>();
                var row = await links.RedeemAsync(caller, token, context.RequestAborted).ConfigureAwait(false);
                var (from, length) = Wanted(context.Request, row.SizeBytes);
                var content = await links.OpenAsync(row, from, length, context.RequestAborted).ConfigureAwait(false);

                // What people upload must never act as a page of this server's.
                context.Response.Headers.XContentTypeOptions = "nosniff";
                context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
                context.Response.Headers.CacheControl = "private, no-store";
                return Results.Stream(
                    content, MediaTypes.Fits(row.MediaType) ? row.MediaType : "application/octet-stream", row.Path[(row.Path.LastIndexOf('/') + 1)..], DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAtMs),
                    new EntityTagHeaderValue($"\"{row.Sha256}\""), enableRangeProcessing: true);
            }).ConfigureAwait(false);
            await result.ExecuteAsync(context).ConfigureAwait(false);
        });

    // What will most likely be read; conditions may still make it other bytes, or none.
    private static (long From, long Length) Wanted(HttpRequest request, long size)
    {
        if (!HttpMethods.IsGet(request.Method))
        {
            return (0, 0);
        }

        if (request.GetTypedHeaders().Range is not { Ranges.Count: 1 } asked || asked.Unit != "bytes")
        {
            return (0, size);
        }

        var range = asked.Ranges.Single();
        var from = Math.Min(size, range.From ?? Math.Max(0, size - range.To!.Value));
        return (from, Math.Max(0, Math.Min(size - from, (range.From is null ? size : range.To ?? size) - from + 1)));
    }
}
