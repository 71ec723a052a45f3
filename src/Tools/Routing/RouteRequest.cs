using System.Text.Json.Nodes;

namespace Pipeline.Tools.Routing;

/// <summary>A step that needs a model.</summary>
/// <param name="Capability">What is to be done.</param>
/// <param name="Inputs">Its inputs, with every expression worked out.</param>
public sealed record RouteRequest(string Capability, JsonObject Inputs)
{
    public Constraints Constraints { get; init; } = new();

    /// <summary>The plan's own order of models; the first that fits is taken.</summary>
    public IReadOnlyList<string> Preferred { get; init; } = [];

    /// <summary>Models that failed the step before, the last one last; they are taken only when nothing else can.</summary>
    public IReadOnlyList<string> Failed { get; init; } = [];

    /// <summary>Models that nobody here can call, where only such are asked for that somebody can.</summary>
    public IReadOnlyList<string> Unserved { get; init; } = [];

    /// <summary>Where the plan's rules that hold stand, as <c>steps.shot.rules[0]</c>; what they say is already in the rest.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>
    /// What stays the same when a shot is made again, in another run too: the input <c>shot</c>, else the step's id, else the prompt. Shares of the traffic go by it.
    /// </summary>
    public string? Shot { get; init; }

    /// <summary>Whether a shadow may go with it: once for a step.</summary>
    public bool MayShadow { get; init; }
}
