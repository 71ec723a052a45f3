using Spectre.Console;

namespace Pipeline.McpServer.Commands.Checks;

/// <summary>Shows findings to a person: in colours at a terminal, as plain lines elsewhere.</summary>
internal static class FindingTable
{
    public static void Show(IReadOnlyList<Finding> findings)
    {
        if (Console.IsOutputRedirected)
        {
            var width = findings.Max(finding => finding.Name.Length) + 2;
            foreach (var finding in findings)
            {
                Console.Out.WriteLine($"{Word(finding.Standing),-8}{finding.Name.PadRight(width)}{finding.Value}");
                if (finding.Advice is not null)
                {
                    Console.Out.WriteLine($"{new string(' ', 8 + width)}{finding.Advice}");
                }
            }

            return;
        }

        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var finding in findings)
        {
            var text = Markup.Escape(finding.Value) + (finding.Advice is null ? "" : $"\n[italic]{Markup.Escape(finding.Advice)}[/]");
            grid.AddRow($"[{Colour(finding.Standing)}]{Word(finding.Standing)}[/]", Markup.Escape(finding.Name), text);
        }

        AnsiConsole.Write(grid);
    }

    private static string Word(Standing standing) => standing switch
    {
        Standing.Ok => "ok",
        Standing.Note => "note",
        _ => "MISSING",
    };

    private static string Colour(Standing standing) => standing switch
    {
        Standing.Ok => "green",
        Standing.Note => "yellow",
        _ => "red",
    };
}
