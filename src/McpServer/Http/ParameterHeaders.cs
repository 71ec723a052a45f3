using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace Pipeline.McpServer.Http;

/// <summary>
/// Arguments that a tool's schema marks with <c>x-mcp-header</c> travel in a header too, and both must agree. Numbers compare as numbers.
/// </summary>
internal static class ParameterHeaders
{
    private const string Prefix = "Mcp-Param-";
    private const string Mark = "x-mcp-header";
    private const long MaxSafeInteger = (1L << 53) - 1;

    public static Refusal? Check(HttpRequest request, JsonElement inputSchema, JsonObject? arguments)
    {
        if (inputSchema.ValueKind != JsonValueKind.Object
            || !inputSchema.TryGetProperty("properties", out var properties)
            || properties.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (var property in properties.EnumerateObject())
        {
            var argument = arguments?[property.Name];
            if (property.Value.ValueKind != JsonValueKind.Object)
            {
                continue;
            }

            if (Check(request, property.Value, argument as JsonObject) is { } inner)
            {
                return inner;
            }

            if (property.Value.TryGetProperty(Mark, out var mark)
                && mark.ValueKind == JsonValueKind.String
                && CheckOne(request, Prefix + mark.GetString(), property.Name, argument) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private static Refusal? CheckOne(HttpRequest request, string header, string parameter, JsonNode? argument)
    {
        if (!request.Headers.TryGetValue(header, out var values))
        {
            return argument is null ? null : Refusal.Mismatch($"The {header} header is missing; the body gives '{parameter}'.");
        }

        if (ProtocolHeaders.Decode(values.ToString().Trim()) is not { } sent)
        {
            return Refusal.Mismatch($"{header} holds characters that a header may not carry, or base64 that does not decode.");
        }

        if (argument is null)
        {
            return Refusal.Mismatch($"{header} is given but the body has no '{parameter}'.");
        }

        return Agrees(argument, sent) ? null : Refusal.Mismatch($"{header} does not say what the body's '{parameter}' says.");
    }

    private static bool Agrees(JsonNode argument, string sent) => argument.GetValueKind() switch
    {
        JsonValueKind.Number => decimal.TryParse(argument.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var inBody)
            && decimal.TryParse(sent, NumberStyles.Float, CultureInfo.InvariantCulture, out var inHeader)
            && inBody == inHeader
            && Math.Abs(inBody) <= MaxSafeInteger,
        _ => McpHeaderEncoder.ConvertToHeaderValue(argument) is { } expected && McpHeaderEncoder.DecodeValue(expected) == sent,
    };
}
