using Pipeline.Tools.Models;

namespace Pipeline.Tools.Plans;

/// <summary>
/// A plan's own word on which model does a step. When it holds, <see cref="Prefer"/> goes before the step's models, <see cref="Exclude"/> is left out, and
/// <see cref="Tier"/> takes the place of the step's. All rules that hold count, the step's before the plan's; the first tier counts.
/// </summary>
/// <param name="When">A condition over the run, as steps have, and over <c>given</c>, <c>input_kind</c>, <c>complexity</c> and <c>metadata</c>.</param>
public sealed record RoutingRule(string When, IReadOnlyList<string> Prefer, IReadOnlyList<string> Exclude, Tier? Tier)
{
    /// <summary>The names that only rules know: the step's own inputs, what kind of input it is given, how complex its prompt is, the metadata of what it works on.</summary>
    public static readonly IReadOnlyList<string> Names = ["given", "input_kind", "complexity", "metadata"];
}
