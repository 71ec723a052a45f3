using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Pipeline.McpServer.Http;
using Pipeline.Storage.State;
using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Filters;

/// <summary>Where resources, prompts and completions fail there is no result to carry it: the failure becomes a protocol error with the facts in its data.</summary>
internal static class ProtocolErrorFilter
{
    public static McpRequestHandler<TParameters, TResult> Wrap<TParameters, TResult>(McpRequestHandler<TParameters, TResult> next) => async (request, cancellation) =>
    {
        try
        {
            return await next(request, cancellation).ConfigureAwait(false);
        }
        catch (ToolError error)
        {
            throw Of(error, IsModern(request), (request.Params as ReadResourceRequestParams)?.Uri);
        }
        catch (StorageFailedException failure)
        {
            throw new McpProtocolException(failure.Told ? failure.Message : "The data folder could not be read; the server's log says more.", failure, McpErrorCode.InternalError);
        }
    };

    /// <summary>Whether the request is of the era without handshakes.</summary>
    public static bool IsModern(MessageContext request) =>
        ProtocolVersions.IsModern(request.JsonRpcMessage.Context?.ProtocolVersion ?? request.Server.NegotiatedProtocolVersion);

    private static McpProtocolException Of(ToolError error, bool modern, string? uri)
    {
        var code = error is NotFoundError ? (modern ? McpErrorCode.InvalidParams : McpErrorCode.ResourceNotFound)
            : error is InvalidArgumentError ? McpErrorCode.InvalidParams
            : McpErrorCode.InvalidRequest;
        var thrown = new McpProtocolException(error.Message, error, code);
        thrown.Data["code"] = error.Code;
        if (uri is not null)
        {
            thrown.Data["uri"] = uri;
        }

        if (error.Facts is { } facts)
        {
            thrown.Data["facts"] = System.Text.Json.JsonSerializer.SerializeToElement(facts, Wire.Json);
        }

        return thrown;
    }
}
