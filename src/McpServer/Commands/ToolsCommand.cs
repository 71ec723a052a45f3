using System.CommandLine;
using Pipeline.McpServer.Commands.Calling;

namespace Pipeline.McpServer.Commands;

/// <summary>What tools there are, and what one takes.</summary>
public static class ToolsCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var tool = new Argument<string?>("TOOL") { Arity = ArgumentArity.ZeroOrOne, Description = "One tool, with its arguments; without it all are listed by toolset" };
        var json = new Option<bool>("--json") { Description = "JSON on standard output" };
        var target = new TargetOptions();
        var command = new Command("tools", "List the tools, or one tool's arguments") { tool, json };
        target.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var sheets = await SheetsAsync(target.Read(parsed, null), cancellation).ConfigureAwait(false);
            return parsed.GetValue(tool) is { } name
                ? ShowOne(sheets.FirstOrDefault(sheet => sheet.Name == name) ?? throw LocalTools.Unknown(name), parsed.GetValue(json))
                : ShowAll(sheets, parsed.GetValue(json));
        });
        return command;
    }

    /// <summary>Those of the server that was named; else those of this build, which any owner it starts will serve.</summary>
    private static async Task<IReadOnlyList<ToolSheet>> SheetsAsync(Target target, CancellationToken cancellation)
    {
        if (target.Server is null)
        {
            return [.. LocalTools.All.Select(ToolSheet.Of)];
        }

        var connected = await ToolClient.ConnectAsync(target, TimeProvider.System, cancellation).ConfigureAwait(false);
        await using (connected.ConfigureAwait(false))
        {
            var listed = await connected.Client.ListToolsAsync(cancellationToken: cancellation).ConfigureAwait(false);
            return [.. listed.Select(tool => ToolSheet.Of(tool.ProtocolTool, LocalTools.Find(tool.Name)?.About))];
        }
    }

    private static int ShowAll(IReadOnlyList<ToolSheet> sheets, bool json)
    {
        if (json)
        {
            Terminal.WriteJson(new { tools = sheets.Select(sheet => new { sheet.Name, sheet.Toolset, sheet.Title, description = sheet.FirstSentence, sheet.Changes }) }, compact: true);
            return 0;
        }

        var width = sheets.Max(sheet => sheet.Name.Length) + 2;
        foreach (var group in sheets.GroupBy(sheet => sheet.Toolset))
        {
            Console.Out.WriteLine(group.Key);
            foreach (var sheet in group)
            {
                Console.Out.WriteLine($"  {sheet.Name.PadRight(width)}{sheet.FirstSentence}");
            }
        }

        return 0;
    }

    private static int ShowOne(ToolSheet sheet, bool json)
    {
        if (json)
        {
            Terminal.WriteJson(new { sheet.Name, sheet.Toolset, sheet.Title, sheet.Description, sheet.Changes, sheet.InputSchema, sheet.OutputSchema }, compact: true);
            return 0;
        }

        Console.Out.WriteLine($"{sheet.Name}  ({sheet.Toolset}{(sheet.Changes ? "" : ", reads only")})\n{sheet.Description}\n");
        foreach (var argument in sheet.Arguments())
        {
            Console.Out.WriteLine($"  --{argument.Name}{(argument.Required ? " (needed)" : "")}: {argument.Kind}. {argument.Description}".TrimEnd());
        }

        return 0;
    }
}
