using System.CommandLine;
using Pipeline.Agents.Director;
using Pipeline.Agents.ModelClients;
using Pipeline.McpServer.Commands.Calling;

namespace Pipeline.McpServer.Commands;

/// <summary>A director: turns a brief and footage into a plan, starts the run, watches it and judges what comes of it.</summary>
public static class DirectCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var workspace = new Option<string>("--workspace") { HelpName = "NAME", Required = true, Description = "Where the film is made; made when it is not there" };
        var brief = new Option<string>("--brief") { HelpName = "TEXT", Description = "What is wanted, in plain words" };
        var source = new Option<string>("--source") { HelpName = "ASSET", Description = "The footage, workspace/path" };
        var transcript = new Option<string>("--transcript") { HelpName = "ASSET", Description = "What is said in it, when that is known" };
        var generate = new Option<bool>("--generate") { Description = "Generate the film from its script; there is no --source then" };
        var locals = new Option<bool>("--local-models") { Description = "With --generate: only models that run on the server itself" };
        var models = new Option<string>("--models") { HelpName = "LIST", Description = "With --generate: models to prefer, separated by commas" };
        var approve = new Option<bool>("--approve-draft") { Description = "With --generate: a person approves the draft before delivery work begins" };
        var title = new Option<string>("--title") { HelpName = "NAME", Description = "Names what is made", DefaultValueFactory = static _ => "film" };
        var export = new Option<string>("--export") { HelpName = "PATH", Description = "Also export it to this file, under an export root of the server" };
        var budget = new Option<long?>("--budget-micros") { HelpName = "N", Description = "What the run may cost at most, in millionths of a dollar" };
        var resume = new Option<bool>("--resume") { Description = "Go on with the newest unfinished film of the workspace" };
        var run = new Option<string>("--run") { HelpName = "RUN_ID", Description = "Go on with this run" };
        var agent = new Option<string>("--agent") { HelpName = "NAME", Description = "Its name (PIPELINE_AGENT)" };
        var json = new Option<bool>("--json") { Description = "The outcome as JSON on standard output" };
        var target = new TargetOptions();
        var command = new Command("direct", "Make a film from a brief; exit 1 when it is not accepted") { workspace, brief, source, transcript, generate, locals, models, approve, title, export, budget, resume, run, agent, json };
        target.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            using var signals = new StopSignals();
            var where = target.Read(parsed, parsed.GetValue(agent));
            var isResumed = parsed.GetValue(resume) || parsed.GetValue(run) is not null;
            var isGenerated = parsed.GetValue(generate);
            if (!isResumed && (parsed.GetValue(brief) is null || parsed.GetValue(source) is null != isGenerated))
            {
                throw new WrongUsageException("Give --brief with --source or --generate, or --resume.");
            }

            var options = new DirectorOptions
            {
                Server = AgentTarget.Of(where),
                Workspace = parsed.GetValue(workspace)!,
                Brief = parsed.GetValue(brief),
                Source = parsed.GetValue(source),
                Transcript = parsed.GetValue(transcript),
                Generation = isGenerated ? Wishes(parsed.GetValue(locals), Split(parsed.GetValue(models)), parsed.GetValue(approve)) : null,
                Title = parsed.GetValue(title)!,
                ExportPath = parsed.GetValue(export) is { } path ? Path.GetFullPath(path) : null,
                BudgetMicros = parsed.GetValue(budget),
                Resume = isResumed,
                RunId = parsed.GetValue(run),
                Model = ChatModels.FromEnvironment(),
            };
            return await RunAsync(string.IsNullOrEmpty(where.Agent) ? options : options with { Name = where.Agent }, parsed.GetValue(json), signals.Token).ConfigureAwait(false);
        });
        return command;
    }

    // The server's own generators draw patterns: more pixels would show no more.
    private static GenerationWishes Wishes(bool local, IReadOnlyList<string> models, bool approve)
    {
        var wishes = new GenerationWishes { LocalOnly = local, Models = models, NeedsApproval = approve };
        return local ? wishes with { Size = new FilmSize(480, 270, 1.5) } : wishes;
    }

    internal static string[] Split(string? list) => list?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static async Task<int> RunAsync(DirectorOptions options, bool json, CancellationToken stop)
    {
        try
        {
            var result = await DirectorHost.RunAsync(options, new Telling<DirectorEvent>(happened => Terminal.Say($"{happened.Kind}: {happened.Text}")), stop).ConfigureAwait(false);
            if (json)
            {
                Terminal.WriteJson(new { result.ProductionId, result.PlanId, result.RunId, result.State, result.Planner, result.Verdict }, compact: true);
            }

            return result.Verdict.Accepted ? 0 : 1;
        }
        catch (ArgumentException wrong)
        {
            throw new WrongUsageException(wrong.Message);
        }
    }
}
