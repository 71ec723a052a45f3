using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Http;

/// <summary>
/// <c>PUT /upload/{token}</c> takes the bytes that create_upload announced: the whole, or a part with <c>Content-Range: bytes 0-99/1000</c> or
/// <c>Upload-Offset: 0</c>. <c>Content-Range: bytes */1000</c> and no bytes try a refused write again. 201 with the version when it is whole, 202 with <c>Upload-Offset</c> while it is not. <c>HEAD</c> tells the offset.
/// </summary>
internal static class UploadEndpoints
{
    private const string OffsetHeader = "Upload-Offset";
    private const string LengthHeader = "Upload-Length";

    public static void Map(IEndpointRouteBuilder routes, IServiceProvider house, Func<HttpRequest, Caller?> identify)
    {
        routes.MapMethods("/upload/{token}", [HttpMethods.Head], (HttpContext context, string token) => WithAsync(
            context, house, identify, (uploads, caller) => uploads.StateAsync(caller, token, context.RequestAborted)));
        routes.MapPut("/upload/{token}", (HttpContext context, string token) => WithAsync(context, house, identify, (uploads, caller) =>
        {
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            {
                limit.MaxRequestBodySize = null; // the announced size is the limit
            }

            return uploads.TakeAsync(caller, token, Part(context.Request), context.Request.Body, context.RequestAborted);
        }));
    }

    private static async Task WithAsync(
        HttpContext context, IServiceProvider house, Func<HttpRequest, Caller?> identify, Func<Uploads, Caller, Task<UploadState>> work)
    {
        if (identify(context.Request) is not { } caller)
        {
            await Bearer.ChallengeAsync(context).ConfigureAwait(false);
            return;
        }

        var result = await TransferRefusal.GuardAsync(async () =>
        {
            var scope = house.CreateAsyncScope();
            await using (scope.ConfigureAwait(false))
            {
                return Answer(context.Response, await work(scope.ServiceProvider.GetRequiredService<Uploads>(), caller).ConfigureAwait(false));
            }
        }).ConfigureAwait(false);
        await result.ExecuteAsync(context).ConfigureAwait(false);
    }

    private static IResult Answer(HttpResponse response, UploadState state)
    {
        response.Headers[OffsetHeader] = Text(state.OffsetBytes);
        response.Headers[LengthHeader] = Text(state.SizeBytes);
        response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(response.HttpContext.Request.Method) ? Results.Ok()
            : state.Written is { } written ? Results.Json(written, Wire.Json, statusCode: StatusCodes.Status201Created)
            : Results.Json(state, Wire.Json, statusCode: StatusCodes.Status202Accepted);
    }

    // Null for the whole. What the headers say of the part must agree with what comes.
    private static UploadPart? Part(HttpRequest request)
    {
        if (request.Headers.TryGetValue(OffsetHeader, out var offset))
        {
            return long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? new(at)
                : throw new InvalidArgumentError(OffsetHeader, $"{OffsetHeader} is a number of bytes.");
        }

        if (request.Headers.ContentRange.Count == 0)
        {
            return null;
        }

        if (!ContentRangeHeaderValue.TryParse(request.Headers.ContentRange.ToString(), out var range) || range.Unit.Value != "bytes")
        {
            throw new InvalidArgumentError("Content-Range", "Content-Range is such as 'bytes 0-99/1000'.");
        }

        var length = range.HasRange ? range.To - range.From + 1 : 0;
        return request.ContentLength is { } sent && sent != length
            ? throw new InvalidArgumentError("Content-Range", $"Content-Range names {length} bytes, but {sent} are sent. Nothing was taken.")
            : new(range.From, length, range.Length);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
