using System.Reflection;
using ModelContextProtocol.Server;
using Pipeline.Tools;

namespace Pipeline.McpServer.Commands.Calling;

/// <summary>The tools that this build holds, known without a server.</summary>
internal static class LocalTools
{
    private static readonly ToolEntry[] Entries =
        [.. new ServiceCollection().AddToolbox().Where(service => service.ServiceType == typeof(ToolEntry)).Select(service => (ToolEntry)service.ImplementationInstance!)];

    /// <summary>Their names, in the order of the slices.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Entries.Select(Name)];

    /// <summary>All of them.</summary>
    public static IEnumerable<ShelvedTool> All => Entries.Select(ToolFactory.Make);

    /// <summary>The tool of that name, or null.</summary>
    public static ShelvedTool? Find(string name) => Entries.FirstOrDefault(entry => Name(entry) == name) is { } entry ? ToolFactory.Make(entry) : null;

    /// <summary>Says that there is no such tool, and which one may have been meant.</summary>
    public static WrongUsageException Unknown(string name)
    {
        var near = Names.OrderByDescending(known => Likeness(known, name)).First();
        return new($"There is no tool '{name}'.{(Likeness(near, name) > 0.4 ? $" Did you mean {near}?" : "")} 'tools' lists them.");
    }

    private static string Name(ToolEntry entry) =>
        entry.Type.GetMethod("RunAsync", BindingFlags.Public | BindingFlags.Instance)!.GetCustomAttribute<McpServerToolAttribute>()!.Name!;

    /// <summary>How many pairs of letters two names share, from 0 to 1.</summary>
    private static double Likeness(string one, string other)
    {
        var mine = Pairs(one);
        var theirs = Pairs(other);
        return 2.0 * mine.Intersect(theirs).Count() / Math.Max(1, mine.Count + theirs.Count);
    }

    private static HashSet<string> Pairs(string word)
    {
        var letters = new string([.. word.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit)]);
        return [.. Enumerable.Range(0, Math.Max(0, letters.Length - 1)).Select(at => letters.Substring(at, 2))];
    }
}
