using System.Text.Json;
using ModelContextProtocol.Protocol;
using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Prompts;

/// <summary>The arguments of one prompts/get. They are other people's text: a prompt quotes them, so that they cannot pass for its own words.</summary>
public sealed class PromptArguments
{
    private const int MaxLength = 8000;

    private readonly IDictionary<string, JsonElement> _given;

    /// <summary>Takes what was given and holds it against what the prompt declares.</summary>
    /// <exception cref="InvalidArgumentError">One is missing, unknown, no text, or too long; it is named.</exception>
    public PromptArguments(IDictionary<string, JsonElement>? given, IReadOnlyCollection<PromptArgument> declared)
    {
        _given = given ?? new Dictionary<string, JsonElement>();
        var names = string.Join(", ", declared.Select(argument => argument.Name));
        if (_given.Keys.FirstOrDefault(name => declared.All(argument => argument.Name != name)) is { } unknown)
        {
            throw new InvalidArgumentError(unknown, $"There is no argument '{unknown}'; this prompt takes {names}.");
        }

        foreach (var (name, value) in _given)
        {
            if (value.ValueKind != JsonValueKind.String || value.GetString()!.Length > MaxLength)
            {
                throw new InvalidArgumentError(name, $"'{name}' is a text of at most {MaxLength} characters.");
            }
        }

        if (declared.FirstOrDefault(argument => argument.Required == true && Find(argument.Name) is null) is { } missing)
        {
            throw new InvalidArgumentError(missing.Name, $"'{missing.Name}' is missing: {missing.Description}");
        }
    }

    /// <summary>The argument as a JSON string, quotes and all; null when it was not given.</summary>
    public string? Quoted(string name) => Find(name) is { } text ? JsonSerializer.Serialize(text, Wire.Json) : null;

    private string? Find(string name) => _given.TryGetValue(name, out var value) && value.GetString() is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;
}
