using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Reliability.Reporting;

/// <summary>What a checker found.</summary>
/// <param name="Workload">Its name.</param>
/// <param name="Seed">With which the run can be repeated.</param>
/// <param name="Figures">Counts and times, units last in their names.</param>
/// <param name="Violations">What must not be; empty when all is well.</param>
public sealed record Verdict(string Workload, int Seed, JsonObject Figures, IReadOnlyList<string> Violations)
{
    public bool Holds => Violations.Count == 0;

    /// <summary>As one JSON document.</summary>
    public JsonObject ToJson() => new()
    {
        ["workload"] = Workload,
        ["seed"] = Seed,
        ["holds"] = Holds,
        ["figures"] = Figures.DeepClone(),
        ["violations"] = new JsonArray([.. Violations.Select(text => JsonValue.Create(text))]),
    };

    public override string ToString() =>
        $"{Workload} (seed {Seed}): {(Holds ? "holds" : $"{Violations.Count} violations")} {Figures.ToJsonString()}{string.Concat(Violations.Take(20).Select(text => "\n  " + text))}";

    internal void Write(string file) => File.WriteAllText(file, ToJson().ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
}
