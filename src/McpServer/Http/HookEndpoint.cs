using Pipeline.Tools.Generation;

namespace Pipeline.McpServer.Http;

/// <summary>
/// <c>POST /hooks/{provider}</c> takes a vendor's webhook: 200 when its signature holds, whatever it is about, and else 401. No key is asked for: the
/// signature is the key.
/// </summary>
internal static class HookEndpoint
{
    private const int MostBytes = 256 << 10;
    private const int MostJobCharacters = 64;

    public static void Map(IEndpointRouteBuilder routes, IServiceProvider house) => routes.MapPost("/hooks/{provider}", async (HttpContext context, string provider) =>
    {
        if (await ReadAsync(context.Request, context.RequestAborted).ConfigureAwait(false) is not { } body)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            context.Response.Headers.Connection = "close";
            return;
        }

        var headers = context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var job = context.Request.Query["job"].ToString() is { Length: > 0 and <= MostJobCharacters } named ? named : null;
        var taken = await house.GetRequiredService<VendorHooks>().TakeAsync(provider, headers, body, job, context.RequestAborted).ConfigureAwait(false);
        context.Response.StatusCode = taken ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized;
    });

    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength > MostBytes)
        {
            return null;
        }

        var body = new byte[MostBytes + 1];
        var read = await request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        return read > MostBytes ? null : body.AsMemory(0, read);
    }
}
