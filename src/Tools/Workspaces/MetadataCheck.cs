using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Workspaces;

/// <summary>Holds metadata against the workspace's schema. Every fault is reported at once.</summary>
public static class MetadataCheck
{
    private const int MaxBytes = 64 * 1024;

    /// <summary>Returns when <paramref name="metadata"/> fits.</summary>
    /// <exception cref="InvalidArgumentError">With facts.problems[].</exception>
    public static void Require(MetadataSchema? schema, JsonObject metadata)
    {
        if (metadata.ToJsonString().Length > MaxBytes)
        {
            throw new InvalidArgumentError("metadata", $"Metadata is at most {MaxBytes} bytes of JSON; put more into an asset of its own.");
        }

        var problems = schema is null ? [] : Problems(schema, metadata).ToArray();
        if (problems.Length > 0)
        {
            throw new InvalidArgumentError($"The metadata does not fit the workspace's schema: {string.Join(" ", problems)}", new { argument = "metadata", problems });
        }
    }

    /// <summary>Whether <paramref name="metadata"/> fits.</summary>
    public static bool Fits(MetadataSchema? schema, JsonObject metadata) => schema is null || !Problems(schema, metadata).Any();

    private static IEnumerable<string> Problems(MetadataSchema schema, JsonObject metadata)
    {
        foreach (var (name, field) in schema.Fields)
        {
            if (!metadata.TryGetPropertyValue(name, out var value) || value is null)
            {
                if (field.Required)
                {
                    yield return $"'{name}' is required.";
                }
            }
            else if (Fault(field, value) is { } fault)
            {
                yield return $"'{name}' {fault}.";
            }
        }

        foreach (var name in metadata.Select(pair => pair.Key).Where(name => !schema.Additional && !schema.Fields.ContainsKey(name)))
        {
            yield return $"'{name}' is not in the schema.";
        }
    }

    private static string? Fault(MetadataField field, JsonNode value) => field.Type switch
    {
        MetadataType.Text => value.GetValueKind() != JsonValueKind.String ? "must be text"
            : field.Allowed is { } allowed && !allowed.Contains(value.GetValue<string>()) ? $"must be one of {string.Join(", ", allowed)}" : null,
        MetadataType.Boolean => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? null : "must be true or false",
        MetadataType.Object => value is JsonObject ? null : "must be an object",
        MetadataType.TextList => value is JsonArray texts && texts.All(item => item?.GetValueKind() == JsonValueKind.String) ? null : "must be a list of text",
        MetadataType.NumberList => value is JsonArray numbers && numbers.All(item => item?.GetValueKind() == JsonValueKind.Number) ? null : "must be a list of numbers",
        _ => NumberFault(field, value),
    };

    private static string? NumberFault(MetadataField field, JsonNode value)
    {
        if (value.GetValueKind() != JsonValueKind.Number)
        {
            return "must be a number";
        }

        var number = value.Deserialize<double>();
        var lowest = field.Min ?? (field.Type == MetadataType.Timestamp ? 0 : double.NegativeInfinity);
        return field.Type == MetadataType.Integer && number != Math.Floor(number) ? "must be a whole number"
            : number < lowest ? $"must be at least {lowest}"
            : number > field.Max ? $"must be at most {field.Max}" : null;
    }
}
