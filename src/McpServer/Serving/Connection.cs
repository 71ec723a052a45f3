using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Serving;

/// <summary>What a door knows of who is at it, and the limits that hold there. Limits only ever narrow.</summary>
/// <param name="Caller">The principal and its rights; null on stdio until the client's name is known.</param>
/// <param name="Toolsets">The groups of tools that are listed.</param>
/// <param name="Tools">Single tools listed besides.</param>
/// <param name="ExcludedTools">Single tools that are not listed.</param>
/// <param name="ReadOnly">Whether everything that changes something is refused.</param>
public sealed record Connection(
    Caller Caller, IReadOnlySet<Toolset> Toolsets, IReadOnlySet<string> Tools, IReadOnlySet<string> ExcludedTools, bool ReadOnly)
{
    /// <summary>The groups listed when nobody chose: all but administration.</summary>
    public static IReadOnlySet<Toolset> DefaultToolsets { get; } = Enum.GetValues<Toolset>().Where(set => set != Toolset.Admin).ToHashSet();
}
