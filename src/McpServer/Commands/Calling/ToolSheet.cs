using System.Text.Json;
using ModelContextProtocol.Protocol;
using Pipeline.Tools;
using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Commands.Calling;

/// <summary>What a person needs to know of a tool to call it.</summary>
internal sealed record ToolSheet(string Name, string Toolset, string? Title, string Description, bool Changes, JsonElement InputSchema, JsonElement? OutputSchema)
{
    /// <summary>The description up to its first full stop.</summary>
    public string FirstSentence => Description.IndexOf(". ", StringComparison.Ordinal) is > 0 and var end ? Description[..(end + 1)] : Description;

    public static ToolSheet Of(ShelvedTool tool) => Of(tool.Tool.ProtocolTool, tool.About) with { InputSchema = tool.Schema };

    public static ToolSheet Of(Tool tool, ToolAttribute? about) => new(
        tool.Name,
        about is null ? "other" : Wire.Name(about.Admin ? Pipeline.Tools.Contract.Toolset.Admin : about.Toolset),
        tool.Title,
        (tool.Description ?? "").ReplaceLineEndings(" "),
        about?.Changes ?? tool.Annotations?.ReadOnlyHint != true,
        tool.InputSchema,
        tool.OutputSchema);

    /// <summary>The arguments in their order.</summary>
    public IEnumerable<(string Name, bool Required, string Kind, string Description)> Arguments()
    {
        string?[] needed = InputSchema.TryGetProperty("required", out var required) ? [.. required.EnumerateArray().Select(name => name.GetString())] : [];
        return InputSchema.TryGetProperty("properties", out var properties)
            ? properties.EnumerateObject().Select(property => (
                property.Name,
                needed.Contains(property.Name),
                Kind(property.Value),
                property.Value.TryGetProperty("description", out var description) ? description.GetString() ?? "" : ""))
            : [];
    }

    private string Kind(JsonElement property) => property.TryGetProperty("enum", out var values)
        ? string.Join(", ", values.EnumerateArray().Where(value => value.ValueKind == JsonValueKind.String).Select(value => value.GetString()))
        : ArgumentKind.Of(property, InputSchema).ToString();
}
