using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Pipeline.McpServer.Tests.Demo;

/// <summary>The program as built, run as a person would.</summary>
internal static class DemoProcess
{
    public static readonly string Program = Path.Combine(AppContext.BaseDirectory, "pipeline-server");

    public static Process Start(params string[] arguments) => Start([], arguments);

    private static Process Start(Dictionary<string, string> settings, string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var name in (string[])["ANTHROPIC_API_KEY", "OPENAI_API_KEY", "OPENAI_BASE_URL", "PIPELINE_KEY", "PIPELINE_AGENT"])
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Runs to the end; the exit code, the JSON document on standard output and all of standard error.</summary>
    public static Task<(int Exit, JsonNode? Document, string Said)> RunAsync(params string[] arguments) => RunAsync([], arguments);

    /// <summary>The same with settings in the environment.</summary>
    public static async Task<(int Exit, JsonNode? Document, string Said)> RunAsync(Dictionary<string, string> settings, params string[] arguments)
    {
        using var process = Start(settings, arguments);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        try
        {
            var said = process.StandardError.ReadToEndAsync(patience.Token);
            var printed = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, printed.Length == 0 ? null : JsonNode.Parse(printed), await said);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>Seconds of picture that really decode, or null when decoding fails.</summary>
    public static async Task<double?> DecodedSecondsAsync(string film)
    {
        var start = new ProcessStartInfo("ffmpeg", ["-v", "error", "-xerror", "-i", film, "-map", "0:v:0", "-map", "0:a:0", "-progress", "pipe:1", "-f", "null", "-"]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var lines = (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n');
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var last = lines.Last(line => line.StartsWith("out_time_us=", StringComparison.Ordinal));
        return process.ExitCode == 0 ? long.Parse(last["out_time_us=".Length..], System.Globalization.CultureInfo.InvariantCulture) / 1e6 : null;
    }
}
