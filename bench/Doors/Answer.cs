using System.Text.Json.Nodes;

namespace Pipeline.Bench.Doors;

/// <summary>Reads the answer of <c>tools/call</c>.</summary>
internal static class Answer
{
    /// <summary>The structured content of a JSON-RPC result; a refusal ends the bench, for its figures would mean nothing.</summary>
    public static JsonObject Read(string tool, JsonNode? result) =>
        result?["structuredContent"] is JsonObject content && result["isError"]?.GetValue<bool>() != true ? content
            : throw new InvalidOperationException($"{tool} answered {result?.ToJsonString() ?? "nothing"}");
}
