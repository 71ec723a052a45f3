using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.McpServer.Commands.Calling;

/// <summary>A tool's arguments as typed on a command line: one JSON object, options by name, or both. The schema says what a value is.</summary>
public static class ToolArguments
{
    /// <summary>Reads the words behind the tool's name.</summary>
    /// <param name="words"><c>{...}</c>, or <c>-</c> for standard input; then <c>--name value</c>, <c>--name=value</c>, <c>--flag</c>.</param>
    /// <param name="schema">The tool's input schema; null when it is not known: then what reads as JSON is JSON.</param>
    /// <param name="input">Standard input, read only for <c>-</c>.</param>
    /// <exception cref="WrongUsageException">With what would be right.</exception>
    public static JsonObject Read(IReadOnlyList<string> words, JsonElement? schema, TextReader input)
    {
        var arguments = new JsonObject();
        var at = 0;
        if (words.Count > 0 && !words[0].StartsWith("--", StringComparison.Ordinal))
        {
            arguments = Document(words[0] == "-" ? input.ReadToEnd() : words[0]);
            at = 1;
        }

        while (at < words.Count)
        {
            if (!words[at].StartsWith("--", StringComparison.Ordinal) || words[at].Length == 2)
            {
                throw new WrongUsageException($"'{words[at]}' stands alone: arguments are --name value, or one JSON object right behind the tool's name.");
            }

            var equals = words[at].IndexOf('=', StringComparison.Ordinal);
            var name = (equals < 0 ? words[at][2..] : words[at][2..equals]).Replace('-', '_');
            var kind = ArgumentKind.Of(schema, name);
            string? value = equals < 0 ? null : words[at][(equals + 1)..];
            at++;
            if (value is null && at < words.Count && (!kind.IsFlag || words[at] is "true" or "false") && !IsOption(words[at]))
            {
                value = words[at++];
            }

            Put(arguments, name, kind, value ?? (kind.IsFlag ? "true" : throw new WrongUsageException($"--{name} needs a value ({kind}).")));
        }

        return arguments;
    }

    private static bool IsOption(string word) => word.StartsWith("--", StringComparison.Ordinal) && word.Length > 2 && !word.Contains(' ', StringComparison.Ordinal);

    private static void Put(JsonObject arguments, string name, ArgumentKind kind, string text)
    {
        var value = kind.Read(name, text);
        if (value is JsonArray more && arguments[name] is JsonArray list)
        {
            foreach (var item in more)
            {
                list.Add(item?.DeepClone());
            }
        }
        else
        {
            arguments[name] = value;
        }
    }

    private static JsonObject Document(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw new WrongUsageException("The arguments must be one JSON object, such as '{\"workspace\": \"film\"}'.");
        }
        catch (JsonException wrong)
        {
            throw new WrongUsageException($"The arguments are not JSON: {wrong.Message} Give --name value, or one JSON object.");
        }
    }
}
