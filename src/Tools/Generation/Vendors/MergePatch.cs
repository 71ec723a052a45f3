using System.Text.Json.Nodes;

namespace Pipeline.Tools.Generation.Vendors;

/// <summary>JSON merge patch (RFC 7396): members replace members, null takes one away, objects are merged.</summary>
internal static class MergePatch
{
    public static JsonNode Apply(JsonNode target, JsonObject? patch)
    {
        if (patch is null)
        {
            return target;
        }

        var merged = target as JsonObject ?? [];
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                merged.Remove(name);
            }
            else
            {
                merged[name] = value is JsonObject inner ? Apply(merged[name]?.DeepClone() ?? new JsonObject(), inner) : value.DeepClone();
            }
        }

        return merged;
    }
}
