using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Pipeline.McpServer.Http;

/// <summary>Why a request is not served: an HTTP status and the JSON-RPC error that goes with it.</summary>
internal sealed record Refusal(int Status, int Code, string Message, JsonNode? Data = null)
{
    /// <summary>The code for a thing the request itself got wrong.</summary>
    public const int InvalidRequest = (int)McpErrorCode.InvalidRequest;

    /// <summary>What clients know as an unknown session.</summary>
    public const int UnknownSession = -32001;

    public static Refusal Mismatch(string message) =>
        new(StatusCodes.Status400BadRequest, (int)McpErrorCode.HeaderMismatch, message);

    public static Refusal BadParameters(string message) =>
        new(StatusCodes.Status400BadRequest, (int)McpErrorCode.InvalidParams, message);

    public static Refusal BadRequest(string message) => new(StatusCodes.Status400BadRequest, InvalidRequest, message);

    public static Refusal UnsupportedVersion(string requested) => new(
        StatusCodes.Status400BadRequest,
        (int)McpErrorCode.UnsupportedProtocolVersion,
        $"Protocol version '{requested}' is not supported.",
        new JsonObject
        {
            // What server/discover names, too: a client picks its next try from here. Older clients negotiate by initialize.
            ["supported"] = new JsonArray(ProtocolVersions.Modern),
            ["requested"] = requested,
        });

    /// <summary>Answers with this refusal; the request's id is echoed when it is known.</summary>
    public async Task WriteAsync(HttpContext context, RequestId id = default)
    {
        var error = new JsonObject { ["code"] = Code, ["message"] = Message };
        if (Data is not null)
        {
            error["data"] = Data.DeepClone();
        }

        var body = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = id.Id is null ? null : JsonSerializer.SerializeToNode(id, McpJsonUtilities.DefaultOptions),
            ["error"] = error,
        };
        context.Response.StatusCode = Status;
        if (Status == StatusCodes.Status413PayloadTooLarge)
        {
            // The rest of the body is not read, so the connection is of no more use; the client must know.
            context.Response.Headers.Connection = "close";
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted).ConfigureAwait(false);
    }
}
