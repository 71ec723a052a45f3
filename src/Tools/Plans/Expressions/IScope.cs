using System.Text.Json.Nodes;

namespace Pipeline.Tools.Plans.Expressions;

/// <summary>What names stand for while an expression is worked out. Nodes handed out are read, never changed.</summary>
public interface IScope
{
    /// <summary>The value of a root name (<c>inputs</c>, <c>item</c>, ...); null when there is none.</summary>
    JsonNode? Root(string name);

    /// <summary>What <c>steps.ID</c> stands for: an object of state, outputs, metrics and, for a fan-out, items; null when there is no such step.</summary>
    JsonNode? Step(string id);
}
