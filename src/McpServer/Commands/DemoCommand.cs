using System.CommandLine;
using Pipeline.McpServer.Demo;
using Pipeline.Tools.Contract;
using Spectre.Console;

namespace Pipeline.McpServer.Commands;

/// <summary>The main job, end to end, for everyone to watch.</summary>
public static class DemoCommand
{
    private const int MostWorkers = 32;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var input = new Option<FileInfo>("--input") { HelpName = "FILE", Description = "Footage; without it the demo makes its own" };
        var transcript = new Option<FileInfo>("--transcript") { HelpName = "FILE", Description = "What is said in it: WebVTT, SRT or Whisper JSON" };
        var brief = new Option<string>("--brief") { HelpName = "TEXT", Description = "What the film is to show, in plain words" };
        var workers = CountOption.Create("--workers", $"Worker processes (default {DemoOptions.UsualWorkers})", DemoOptions.UsualWorkers, MostWorkers);
        var place = new Option<string>("--out") { HelpName = "DIR", Description = "Where delivery.mp4, contact-sheet.jpg and run.json go (default: demo-out)", DefaultValueFactory = static _ => "demo-out" };
        var data = new Option<string>("--data") { HelpName = "DIR", Description = "The data folder of the demo's server (default: data in --out); it is kept" };
        var server = new Option<string>("--server") { HelpName = "URL", Description = "Use this server instead of an own one" };
        var key = new Option<string>("--key") { HelpName = "KEY", Description = "Its API key (better in PIPELINE_KEY, where other users cannot see it)" };
        var resume = new Option<bool>("--resume") { Description = "Finish what was interrupted, with the same --out" };
        var generate = new Option<bool>("--generate") { Description = "Make the film from its script alone with generating models, local ones unless --models names others" };
        var models = new Option<string>("--models") { HelpName = "LIST", Description = "With --generate: models to prefer, separated by commas" };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output, everything else on standard error" };
        var command = new Command("demo", "Turn footage and a brief into a delivered film, with a director and workers, and show how")
        {
            input, transcript, brief, workers, place, data, server, key, resume, generate, models, json,
        };
        command.SetAction(async (parsed, _) =>
        {
            using var signals = new StopSignals();
            if (parsed.GetValue(generate) && (parsed.GetValue(input) ?? parsed.GetValue(transcript)) is not null)
            {
                throw new WrongUsageException("--generate makes the film from its script alone: leave --input and --transcript out.");
            }

            var folder = Path.GetFullPath(parsed.GetValue(place)!);
            return await RunAsync(new DemoOptions
            {
                Input = Existing(parsed.GetValue(input)),
                Transcript = Existing(parsed.GetValue(transcript)),
                Brief = parsed.GetValue(brief),
                Generate = parsed.GetValue(generate),
                Models = DirectCommand.Split(parsed.GetValue(models)),
                Workers = parsed.GetValue(workers),
                Out = folder,
                Data = Path.GetFullPath(parsed.GetValue(data) ?? Path.Combine(folder, "data")),
                Server = parsed.GetValue(server) is not { } url ? null : Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address
                    : throw new WrongUsageException($"--server is an address such as http://127.0.0.1:8787, not '{url}'."),
                Key = parsed.GetValue(key) ?? Environment.GetEnvironmentVariable("PIPELINE_KEY"),
                Resume = parsed.GetValue(resume),
                Json = parsed.GetValue(json),
            }, signals.Token).ConfigureAwait(false);
        });
        return command;
    }

    private static async Task<int> RunAsync(DemoOptions options, CancellationToken stop)
    {
        var output = options.Json ? Console.Error : Console.Out;
        var isTerminal = !(options.Json ? Console.IsErrorRedirected : Console.IsOutputRedirected) && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        IRunScreen screen = isTerminal ? new LiveScreen(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) }), TimeProvider.System) : new LineScreen(output);
        var demonstration = new Demonstration(options, screen, TimeProvider.System);
        await using (demonstration.ConfigureAwait(false))
        {
            var (run, report, isGood) = await demonstration.RunAsync(stop).ConfigureAwait(false);
            await File.WriteAllTextAsync(Path.Combine(options.Out, "run.json"), Wire.Write(report), stop).ConfigureAwait(false);
            Epilogue.Write(output, options, run, report, isGood);
            if (options.Json)
            {
                Terminal.WriteJson(report, compact: true);
            }

            return isGood ? 0 : 1;
        }
    }

    private static string? Existing(FileInfo? file) => file is null ? null : file.Exists ? file.FullName : throw new WrongUsageException($"There is no file {file.FullName}.");
}
