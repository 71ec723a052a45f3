using System.Text.Json;
using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Filters;

/// <summary>
/// Checks what the schemas do not say: that numbers fit the types they are read as, and that no name stands twice in an object.
/// </summary>
internal static class TypeCheck
{
    /// <summary>Returns when each argument can be read. Text always can, and may be long: it is not read twice.</summary>
    public static void Require(IReadOnlyDictionary<string, Type> types, IDictionary<string, JsonElement> arguments)
    {
        foreach (var (name, value) in arguments)
        {
            if (value.ValueKind is JsonValueKind.Number or JsonValueKind.Array or JsonValueKind.Object && types.TryGetValue(name, out var type))
            {
                RequireOnce(name, value);
                Read(name, value, type);
            }
        }
    }

    private static void Read(string name, JsonElement value, Type type)
    {
        try
        {
            _ = value.Deserialize(type, Wire.Json);
        }
        catch (JsonException wrong)
        {
            var at = name + (wrong.Path is { Length: > 1 } path ? path[1..] : "");
            throw new InvalidArgumentError(at, wrong.InnerException is FormatException
                ? $"'{at}' is out of range: it must lie within {int.MinValue} and {int.MaxValue}."
                : $"'{at}' cannot be read: it is not of the shape that is asked for.");
        }
    }

    private static void RequireOnce(string at, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var item in value.EnumerateArray())
            {
                if (item.ValueKind is JsonValueKind.Array or JsonValueKind.Object)
                {
                    RequireOnce($"{at}[{index}]", item);
                }

                index++;
            }
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var member in value.EnumerateObject())
            {
                var path = $"{at}.{member.Name}";
                if (!names.Add(member.Name))
                {
                    throw new InvalidArgumentError(path, $"'{path}' stands twice in one object; keep the one that you mean.");
                }

                RequireOnce(path, member.Value);
            }
        }
    }
}
