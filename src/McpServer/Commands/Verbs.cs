using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text.RegularExpressions;
using ModelContextProtocol;
using Pipeline.Agents.Connecting;
using Pipeline.McpServer.Demo;
using Pipeline.McpServer.Stdio;
using Pipeline.Storage.State;
using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Commands;

/// <summary>A verb of the command line. Its command is made only when it is the one that was asked for.</summary>
/// <param name="Name">The word.</param>
/// <param name="Create">Makes the command with its options.</param>
public sealed record Verb(string Name, Func<Command> Create);

/// <summary>Finds the verb and runs it.</summary>
public static partial class Verbs
{
    private const int Failed = 1;
    private const int WrongUsage = 2;

    /// <summary>Runs one command line: 0 done, 1 failed with a reason, 2 wrong usage. Reasons go to standard error.</summary>
    public static async Task<int> RunAsync(string[] arguments, params Verb[] verbs)
    {
        var asked = arguments.Length > 0 ? Array.Find(verbs, verb => verb.Name == arguments[0]) : null;
        var root = new Command("pipeline", "Pipeline: an MCP server for AI video production") { new HelpOption(), new VersionOption() };
        foreach (var verb in asked is null ? verbs : [asked])
        {
            root.Subcommands.Add(verb.Create());
        }

        // '@' begins no file of arguments here: versions and handles begin with it.
        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
        {
            return Refuse(asked, [.. parsed.Errors.Select(error => Plain(error.Message))], arguments, verbs);
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }).ConfigureAwait(false);
        }
        catch (WrongUsageException wrong)
        {
            return Refuse(asked, [wrong.Message], arguments, verbs);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("cancelled").ConfigureAwait(false);
            return Failed;
        }
        catch (Exception failure)
        {
            await Console.Error.WriteLineAsync(IsReason(failure) ? failure.Message : failure.ToString()).ConfigureAwait(false);
            return Failed;
        }
    }

    /// <summary>Failures whose message says all that a person can do about them; any other shows where it came from.</summary>
    private static bool IsReason(Exception failure) =>
        failure is IOException or UnauthorizedAccessException or InvalidDataException or HttpRequestException or McpException or OwnerUnavailableException or StorageFailedException
            or ServerUnreachable or ToolRefused or ToolError or DemoFailedException;

    // The parser speaks of types of this program.
    private static string Plain(string message) =>
        NotOfType().Match(message) is { Success: true } found ? $"{found.Groups["option"].Value} is {(message.Contains("Double", StringComparison.Ordinal) ? "a number" : message.Contains("Int", StringComparison.Ordinal) ? "a whole number" : "of another kind")}, not '{found.Groups["given"].Value}'." : message;

    [GeneratedRegex("^Cannot parse argument '(?<given>.*)' for option '(?<option>[^']*)' as expected type ", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex NotOfType();

    private static int Refuse(Verb? asked, IReadOnlyList<string> reasons, string[] arguments, Verb[] verbs)
    {
        foreach (var reason in asked is null && arguments.Length > 0 ? [$"There is no verb '{arguments[0]}'."] : reasons)
        {
            Console.Error.WriteLine(reason);
        }

        Console.Error.WriteLine(asked is null
            ? $"Verbs: {string.Join(", ", verbs.Where(verb => verb.Name != OwnerStart.Verb).Select(verb => verb.Name))}. '--help' says more, and 'VERB --help' what one takes."
            : $"'{asked.Name} --help' shows what it takes.");
        return WrongUsage;
    }
}
