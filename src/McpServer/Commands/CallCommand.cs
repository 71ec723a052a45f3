using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.McpServer.Commands.Calling;

namespace Pipeline.McpServer.Commands;

/// <summary>One tool call from a shell or a script.</summary>
public static class CallCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var tool = new Argument<string>("TOOL") { Description = "The tool's name; 'tools' lists them" };
        var words = new Argument<string[]>("ARGUMENTS")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = "--name value for each argument (lists by comma or repeated, objects as JSON), or one JSON object, or - to read it from standard input",
        };
        var agent = new Option<string>("--agent") { HelpName = "NAME", Description = "Who calls (PIPELINE_AGENT)" };
        var json = new Option<bool>("--json") { Description = "Compact JSON on standard output, refusals too" };
        var saveTo = new Option<string>("--out") { HelpName = "PATH", Description = "Where pictures that come with the result are kept" };
        var target = new TargetOptions();
        var command = new Command("call", "Call one tool and print its structured result; exit 1 when it is refused") { tool, words, agent, json, saveTo };
        target.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            using var signals = new StopSignals();
            var where = target.Read(parsed, parsed.GetValue(agent));
            return await RunAsync(where, parsed.GetValue(tool)!, parsed.GetValue(words) ?? [], parsed.GetValue(json), parsed.GetValue(saveTo), signals.Token).ConfigureAwait(false);
        });
        return command;
    }

    private static async Task<int> RunAsync(Target target, string tool, string[] words, bool json, string? destination, CancellationToken cancellation)
    {
        if (target.Server is null && !LocalTools.Names.Contains(tool))
        {
            throw LocalTools.Unknown(tool);
        }

        // The words are checked before anything is started, where this build knows the tool.
        var local = LocalTools.Find(tool);
        var arguments = local is null ? null : ToolArguments.Read(words, local.Schema, Console.In);
        var connected = await ToolClient.ConnectAsync(target, TimeProvider.System, cancellation).ConfigureAwait(false);
        await using (connected.ConfigureAwait(false))
        {
            if (arguments is null)
            {
                var listed = await connected.Client.ListToolsAsync(cancellationToken: cancellation).ConfigureAwait(false);
                arguments = ToolArguments.Read(words, listed.FirstOrDefault(one => one.Name == tool)?.JsonSchema ?? throw LocalTools.Unknown(tool), Console.In);
            }

            if (target is { Server: not null, Agent.Length: > 0 } && local?.About.Changes == true && !local.Types.ContainsKey("agent"))
            {
                arguments.TryAdd("agent", JsonValue.Create(target.Agent));
            }

            using var progress = new ProgressLine();
            var result = await connected.Client.CallToolAsync(
                tool, arguments.ToDictionary(pair => pair.Key, pair => (object?)JsonSerializer.SerializeToElement(pair.Value)), progress, cancellationToken: cancellation).ConfigureAwait(false);
            progress.Dispose();
            return await CallAnswer.ShowAsync(result, json, destination, cancellation).ConfigureAwait(false);
        }
    }
}
