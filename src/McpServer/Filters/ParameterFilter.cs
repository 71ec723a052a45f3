using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Pipeline.McpServer.Filters;

/// <summary>Parameters that cannot even be read are the caller's mistake, not a failure of the server.</summary>
internal static class ParameterFilter
{
    public static McpMessageHandler Wrap(McpMessageHandler next) => async (context, cancellation) =>
    {
        if (context.JsonRpcMessage is JsonRpcRequest { Method: RequestMethods.ToolsCall, Params: null })
        {
            throw new McpProtocolException("The parameters are missing: a call has a name and arguments.", McpErrorCode.InvalidParams);
        }

        try
        {
            await next(context, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or ArgumentException
            && context.JsonRpcMessage is JsonRpcRequest { Params: { } parameters } && FaultOf(parameters, failure) is { } fault)
        {
            throw new McpProtocolException(fault, failure, McpErrorCode.InvalidParams);
        }
    };

    private static string? FaultOf(JsonNode parameters, Exception failure)
    {
        try
        {
            using var writer = new Utf8JsonWriter(Stream.Null);
            parameters.WriteTo(writer);
        }
        catch (InvalidOperationException)
        {
            return "The parameters hold text that is not valid Unicode: half of a surrogate pair.";
        }
        catch (ArgumentException)
        {
            return "The parameters hold text that is not valid Unicode, or one name twice.";
        }

        return failure is JsonException { Path: { } path } ? $"The parameters do not have the shape of this method's: look at params{path[1..]}." : null;
    }
}
