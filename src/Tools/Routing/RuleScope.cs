using System.Text.Json.Nodes;
using Pipeline.Tools.Models;
using Pipeline.Tools.Plans.Expressions;

namespace Pipeline.Tools.Routing;

/// <summary>The names of a run's expressions, and those that only routing rules know.</summary>
internal sealed class RuleScope(IScope run, JsonObject given, Demand demand, JsonNode? metadata) : IScope
{
    public JsonNode? Root(string name) => name switch
    {
        "given" => given,
        "input_kind" => JsonValue.Create(Kind()),
        "complexity" => JsonValue.Create(PromptComplexity.Of(demand.Prompt)),
        "metadata" => metadata,
        _ => run.Root(name),
    };

    public JsonNode? Step(string id) => run.Step(id);

    // The heaviest of what is handed over.
    private string Kind() => demand.Given.Contains(MediaKind.Video) ? "video" : demand.Given.Contains(MediaKind.Image) ? "image" : demand.Given.Contains(MediaKind.Text) ? "text" : "none";
}
