using System.Text.Json;
using Pipeline.Tools.Runs;

namespace Pipeline.McpServer.Demo;

/// <summary>Reads what a run's steps gave. Pure.</summary>
internal static class RunReading
{
    /// <summary>The moments that the film is made of: those of the last query that found any.</summary>
    public static IEnumerable<JsonElement> Hits(this RunView run) =>
        run.Steps.Where(step => step is { Capability: "query", State: "succeeded" }).Select(Hits).LastOrDefault(hits => hits.Count > 0) ?? [];

    public static IReadOnlyList<JsonElement> Hits(this StepView step) => Member(step.Outputs, "hits") is { ValueKind: JsonValueKind.Array } hits ? [.. hits.EnumerateArray()] : [];

    /// <summary>The asset that the last successful step of a capability gave.</summary>
    public static string? Result(this RunView run, string capability) =>
        run.Steps.LastOrDefault(step => step.Capability == capability && step.State == "succeeded") is { } step ? Text(step.Outputs, "asset") : null;

    public static double? Number(JsonElement? of, string name) => Member(of, name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;

    public static string? Text(JsonElement? of, string name) => Member(of, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static JsonElement? Member(JsonElement? of, string name) =>
        of is { ValueKind: JsonValueKind.Object } whole && whole.TryGetProperty(name, out var member) ? member : null;
}
