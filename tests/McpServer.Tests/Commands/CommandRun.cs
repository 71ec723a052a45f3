using System.Diagnostics;

namespace Pipeline.McpServer.Tests.Commands;

/// <summary>One run of the real program to its end.</summary>
internal sealed record CommandRun(int Exit, string Output, string Errors)
{
    public static Task<CommandRun> OfAsync(params string[] arguments) => OfAsync(arguments, []);

    public static async Task<CommandRun> OfAsync(string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "pipeline-server"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var errors = process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return new(process.ExitCode, await output, await errors);
    }
}
