using System.CommandLine;
using Pipeline.Agents.Workers;
using Pipeline.McpServer.Commands.Calling;

namespace Pipeline.McpServer.Commands;

/// <summary>A worker: claims steps of a workspace's runs and does them.</summary>
public static class WorkCommand
{
    private const int MostHands = 64;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var workspace = new Option<string>("--workspace") { HelpName = "NAME", Description = "Whose runs to work on; it may come later than the worker (default: every workspace that the key sees)" };
        var capabilities = new Option<string>("--capabilities") { HelpName = "LIST", Description = "What to do, separated by commas (default: all that this program can)" };
        var hands = CountOption.Create("--concurrency", "Steps at a time", usual: 1, MostHands);
        var agent = new Option<string>("--agent") { HelpName = "NAME", Description = "Its name (PIPELINE_AGENT; made up if left out); no two workers share one" };
        var target = new TargetOptions();
        var command = new Command("work", "Do the steps of runs until told to stop") { workspace, capabilities, hands, agent };
        target.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            using var signals = new StopSignals();
            var where = target.Read(parsed, parsed.GetValue(agent));
            var options = new WorkerOptions { Server = AgentTarget.Of(where), Workspace = parsed.GetValue(workspace), Concurrency = parsed.GetValue(hands), Capabilities = DirectCommand.Split(parsed.GetValue(capabilities)) };
            return await RunAsync(string.IsNullOrEmpty(where.Agent) ? options : options with { Name = where.Agent }, signals.Token).ConfigureAwait(false);
        });
        return command;
    }

    private static async Task<int> RunAsync(WorkerOptions options, CancellationToken stop)
    {
        try
        {
            Terminal.Say($"{options.Name} works on {options.Workspace ?? "every workspace that it sees"}");
            await WorkerHost.RunAsync(options, new Telling<WorkerEvent>(Tell), stop).ConfigureAwait(false);
            return 0;
        }
        catch (ArgumentException wrong)
        {
            throw new WrongUsageException(wrong.Message);
        }
    }

    private static void Tell(WorkerEvent happened) => Terminal.Say($"{happened.Worker} {happened.Kind}{(happened.StepId is { } step ? " " + step : "")}: {happened.Text}");
}
