using System.CommandLine;

namespace Pipeline.McpServer.Commands;

/// <summary>A verb of the command line. Its command is made only when it is the one that was asked for.</summary>
/// <param name="Name">The word.</param>
/// <param name="Create">Makes the command with its options.</param>
public sealed record Verb(string Name, Func<Command> Create);

/// <summary>Finds the verb and runs it.</summary>
public static class Verbs
{
    private const int WrongUsage = 2;

    /// <summary>Runs one command line: 0 done, 1 failed with a reason, 2 wrong usage.</summary>
    public static async Task<int> RunAsync(string[] arguments, params Verb[] verbs)
    {
        var asked = arguments.Length > 0 ? Array.Find(verbs, verb => verb.Name == arguments[0]) : null;
        var root = new RootCommand("Pipeline: an MCP server for AI video production");
        foreach (var verb in asked is null ? verbs : [asked])
        {
            root.Subcommands.Add(verb.Create());
        }

        var parsed = root.Parse(arguments);
        var exit = await parsed.InvokeAsync().ConfigureAwait(false);
        return parsed.Errors.Count > 0 ? WrongUsage : exit;
    }
}
