using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace Pipeline.McpServer.Http;

/// <summary>What a request says of itself in its headers must be what its body says, so that a proxy may route by headers alone.</summary>
internal static class ProtocolHeaders
{
    public const string Version = "MCP-Protocol-Version";
    public const string Method = "Mcp-Method";
    public const string Name = "Mcp-Name";

    /// <summary>The revision a request names, or null. More than one value is no revision that exists.</summary>
    public static string? VersionOf(HttpRequest request) =>
        request.Headers.TryGetValue(Version, out var values) ? values.ToString().Trim() is { Length: > 0 } version ? version : null : null;

    /// <summary>The parameters of a message.</summary>
    public static JsonObject? ParametersOf(JsonRpcMessage message) => message switch
    {
        JsonRpcRequest request => request.Params as JsonObject,
        JsonRpcNotification notification => notification.Params as JsonObject,
        _ => null,
    };

    /// <summary>Checks that header and body name one and the same revision.</summary>
    public static Refusal? CheckVersion(HttpRequest request, JsonRpcMessage message)
    {
        var header = VersionOf(request);
        if (header is not null && !ProtocolVersions.All.Contains(header))
        {
            return Refusal.UnsupportedVersion(header);
        }

        if (message is not (JsonRpcRequest or JsonRpcNotification))
        {
            return null;
        }

        var parameters = ParametersOf(message);
        var handshake = message is JsonRpcRequest { Method: RequestMethods.Initialize } ? Text(parameters, "protocolVersion") : null;
        if (header is not null && handshake is not null && header != handshake)
        {
            return Refusal.Mismatch($"{Version} is '{header}' but params.protocolVersion is '{handshake}'.");
        }

        var body = Text(parameters?["_meta"] as JsonObject, MetaKeys.ProtocolVersion);
        if (!ProtocolVersions.IsModern(header) && !ProtocolVersions.IsModern(body))
        {
            return null;
        }

        return header is null
            ? Refusal.Mismatch($"The {Version} header is missing; the body says '{body}'.")
            : CheckMetadata(header, body, message, parameters);
    }

    /// <summary>Checks the routing headers of a modern message.</summary>
    public static Refusal? CheckRouting(HttpRequest request, JsonRpcMessage message, Func<string, string?> routingParameterOf)
    {
        var method = message switch
        {
            JsonRpcRequest call => call.Method,
            JsonRpcNotification notification => notification.Method,
            _ => null,
        };
        if (method is null)
        {
            return null;
        }

        if (!request.Headers.TryGetValue(Method, out var named))
        {
            return Refusal.Mismatch($"The {Method} header is missing.");
        }

        if (named.ToString().Trim() != method)
        {
            return Refusal.Mismatch($"{Method} is '{named}' but the body's method is '{method}'.");
        }

        return routingParameterOf(method) is { } parameter ? CheckName(request, Text(ParametersOf(message), parameter)) : null;
    }

    /// <summary>Reads a header that may be plain or wrapped in base64; null when it is neither.</summary>
    public static string? Decode(string raw) =>
        raw.All(static letter => letter is '\t' or (>= ' ' and <= '~')) ? McpHeaderEncoder.DecodeValue(raw) : null;

    private static Refusal? CheckMetadata(string header, string? body, JsonRpcMessage message, JsonObject? parameters)
    {
        if (body is null)
        {
            // A notification has nobody who could read the refusal, and refusing a cancellation would leave work running.
            return message is JsonRpcRequest ? Refusal.BadParameters($"params._meta must carry {MetaKeys.ProtocolVersion}.") : null;
        }

        if (body != header)
        {
            return Refusal.Mismatch($"{Version} is '{header}' but _meta {MetaKeys.ProtocolVersion} is '{body}'.");
        }

        return message is JsonRpcRequest && (parameters?["_meta"] as JsonObject)?[MetaKeys.ClientCapabilities] is not JsonObject
            ? Refusal.BadParameters($"params._meta must carry {MetaKeys.ClientCapabilities} as an object.")
            : null;
    }

    private static Refusal? CheckName(HttpRequest request, string? body)
    {
        if (!request.Headers.TryGetValue(Name, out var values))
        {
            return Refusal.Mismatch($"The {Name} header is missing.");
        }

        var raw = values.ToString().Trim();
        if (Decode(raw) is not { } name)
        {
            return Refusal.Mismatch($"{Name} holds characters that a header may not carry, or base64 that does not decode.");
        }

        return name == body ? null : Refusal.Mismatch($"{Name} is '{name}' but the body says '{body}'.");
    }

    private static string? Text(JsonObject? node, string property) =>
        node?[property] is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0 ? text : null;
}
