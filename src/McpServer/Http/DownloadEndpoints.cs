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
                var content = await links.OpenAsync(row, context.RequestAborted).ConfigureAwait(false);

                // What people upload must never act as a page of this server's.
                context.Response.Headers.XContentTypeOptions = "nosniff";
                context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
                context.Response.Headers.CacheControl = "private, no-store";
                return Results.Stream(
                    content, row.MediaType, row.Path[(row.Path.LastIndexOf('/') + 1)..], DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAtMs),
                    new EntityTagHeaderValue($"\"{row.Sha256}\""), enableRangeProcessing: true);
            }).ConfigureAwait(false);
            await result.ExecuteAsync(context).ConfigureAwait(false);
        });
}
