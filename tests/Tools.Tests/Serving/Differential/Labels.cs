using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Tools.Tests.Serving.Differential;

/// <summary>
/// Answers with what the engine numbers replaced by labels in the order in which they come up: an engine that takes back a transaction may leave a gap
/// in a growing key. Identifiers, tokens, versions and times stay as they are.
/// </summary>
internal sealed class Labels
{
    private static readonly string[] Numbered = ["cursor", "event_cursor", "latest_cursor"];

    private readonly Dictionary<long, string> _labels = [];

    public string Of(JsonElement answer)
    {
        var node = JsonNode.Parse(answer.GetRawText());
        Replace(node);
        Sort(node);
        return node?.ToJsonString() ?? "null";
    }

    // The order of an object's members means nothing.
    private static void Sort(JsonNode? node)
    {
        foreach (var child in (node as JsonArray)?.ToList() ?? (node as JsonObject)?.Select(pair => pair.Value).ToList() ?? [])
        {
            Sort(child);
        }

        if (node is JsonObject members)
        {
            var sorted = members.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToList();
            members.Clear();
            sorted.ForEach(pair => members.Add(pair.Key, pair.Value));
        }
    }

    private void Replace(JsonNode? node)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items)
            {
                Replace(item);
            }
        }

        foreach (var (name, value) in (node as JsonObject)?.ToList() ?? [])
        {
            if (Numbered.Contains(name) && value is JsonValue number && number.TryGetValue<long>(out var n))
            {
                node![name] = n == 0 ? "0" : _labels.TryGetValue(n, out var known) ? known : _labels[n] = "#" + _labels.Count.ToString(CultureInfo.InvariantCulture);
            }
            else
            {
                Replace(value);
            }
        }
    }
}
