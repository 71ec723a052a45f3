using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Pipeline.McpServer.Http;

/// <summary>Reads one JSON-RPC message from a POST.</summary>
internal static class RequestBody
{
    private static readonly Refusal Malformed = Refusal.BadRequest("The body is not one valid JSON-RPC message.");

    public static async Task<(JsonRpcMessage? Message, Refusal? Refusal)> ReadAsync(HttpContext context, long maxBytes)
    {
        var request = context.Request;
        if (!AcceptsBoth(request))
        {
            return (null, new Refusal(
                StatusCodes.Status406NotAcceptable, Refusal.InvalidRequest, "Accept must name both application/json and text/event-stream."));
        }

        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            return (null, new Refusal(StatusCodes.Status415UnsupportedMediaType, Refusal.InvalidRequest, "Content-Type must be application/json."));
        }

        var tooLarge = new Refusal(StatusCodes.Status413PayloadTooLarge, Refusal.InvalidRequest, $"The body is larger than {maxBytes} bytes.");
        if (request.ContentLength > maxBytes)
        {
            return (null, tooLarge);
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = maxBytes;
        }

        try
        {
            var message = await JsonSerializer.DeserializeAsync<JsonRpcMessage>(request.Body, McpJsonUtilities.DefaultOptions, context.RequestAborted).ConfigureAwait(false);
            return message is null ? (null, Malformed) : (message, null);
        }
        catch (JsonException)
        {
            return (null, Malformed);
        }
        catch (BadHttpRequestException bad) when (bad.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, tooLarge);
        }
    }

    /// <summary>Whether the client takes an event stream; a wildcard counts.</summary>
    public static bool Accepts(HttpRequest request, string mediaType)
    {
        foreach (var accepted in request.GetTypedHeaders().Accept)
        {
            if (new MediaTypeHeaderValue(mediaType).IsSubsetOf(accepted))
            {
                return true;
            }
        }

        return false;
    }

    private static bool AcceptsBoth(HttpRequest request) => Accepts(request, "application/json") && Accepts(request, "text/event-stream");
}
