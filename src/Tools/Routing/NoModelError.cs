using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Routing;

/// <summary>No model can take the step; the facts say of each why not.</summary>
public sealed class NoModelError : ToolError
{
    public NoModelError(string capability, IReadOnlyList<Alternative> refused)
        : base("no_model", refused.Count == 0
            ? $"No model in the catalogue can do '{capability}'."
            : $"None of {refused.Count} model(s) for '{capability}' can take this; the first: {refused[0].Model} {refused[0].WhyNot}.")
    {
        Facts = new { capability, refused };
        Next = "list_models";
    }
}
