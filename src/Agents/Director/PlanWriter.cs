using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;
using Pipeline.Agents.ModelClients;

namespace Pipeline.Agents.Director;

/// <summary>Gets a plan that the server took: from the model when there is one, by rules otherwise or when the model does not manage.</summary>
internal sealed class PlanWriter(Connection connection, DirectorOptions options, Production production, Action<string, string, JsonNode?> say)
{
    // Looking is all that a planner needs.
    private static readonly HashSet<string> LookingTools = new(StringComparer.Ordinal) { "query_index", "probe_media", "get_asset", "list_assets", "list_models", "contact_sheet" };

    public async Task<(DraftPlan Draft, PlanAnswer Answer)> WriteAsync(CancellationToken ct)
    {
        var request = production.Request(options.Workspace, options.Standards);
        if (options.Model is { } model)
        {
            if (await AskAsync(model, request, ct).ConfigureAwait(false) is { } written) return written;
            say("notice", "The plan is written by rules instead.", null);
        }
        else
        {
            say("notice", "No model is configured (ANTHROPIC_API_KEY, or OPENAI_API_KEY / OPENAI_BASE_URL): the director plans by rules.", null);
        }

        var draft = await RulesAsync(request, ct).ConfigureAwait(false);
        var answer = await ProveAsync(draft, ct).ConfigureAwait(false);
        return answer.PlanId is not null ? (draft, answer)
            : throw new ToolRefused("create_plan", "invalid_plan", $"The plan by rules was refused: {string.Join("; ", answer.Problems)}");
    }

    private async Task<DraftPlan> RulesAsync(PlanRequest request, CancellationToken ct)
    {
        if (production.Generation is null)
        {
            var shots = ScriptRules.Write(request.Brief);
            return new DraftPlan(shots, RulesPlanner.Write(request, shots), "rules");
        }

        var script = ScreenplayRules.Write(request.Brief);
        return new DraftPlan(script, await FilmAsync(request, script, ct).ConfigureAwait(false), "rules");
    }

    private async Task<JsonObject> FilmAsync(PlanRequest request, ShotList script, CancellationToken ct)
    {
        var casting = await new ModelCasting(connection).ChooseAsync(production.Generation!, script, request.Size, ct).ConfigureAwait(false);
        foreach (var model in casting.LeftOut) say("notice", $"left out: {model}", null);
        if (casting.For("generate_video") is { } models) say("casting", $"motion by {string.Join(" against ", models.Take(2))}{(models.Count > 2 ? $", then {string.Join(", ", models.Skip(2))}" : "")}", null);
        return GeneratedFilmPlanner.Write(request, script, casting);
    }

    private async Task<(DraftPlan Draft, PlanAnswer Answer)?> AskAsync(ChatModel model, PlanRequest request, CancellationToken ct)
    {
        try
        {
            say("planning", $"{model.Name} writes the plan", null);
            var tools = await connection.ToolsAsync(ct).ConfigureAwait(false);
            var isFilm = production.Generation is not null;
            var agent = new ChatAgent(connection.Agent, isFilm ? DirectorWords.FilmPlanner : DirectorWords.Planner, new ChatKernel(model.Client, [.. tools.Where(tool => LookingTools.Contains(tool.Name)).Select(Quoted.Function)]));
            var (draft, answer, problems) = await new ModelPlanner(agent, model.Name, ProveAsync, isFilm ? (script, stop) => FilmAsync(request, script, stop) : null).WriteAsync(request, options.PlanRounds, ct).ConfigureAwait(false);
            if (draft is not null) return (draft, answer!);
            say("notice", $"{model.Name} wrote no plan that can run in {options.PlanRounds} rounds: {string.Join("; ", problems)}", null);
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or ServerUnreachable))
        {
            say("notice", $"{model.Name} could not be asked ({failure.Message}).", null);
        }

        return null;
    }

    private async Task<PlanAnswer> ProveAsync(DraftPlan draft, CancellationToken ct)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(draft.Plan.ToJsonString())))[..16];
        try
        {
            var answer = await connection.ChangeAsync("create_plan", new { workspace = options.Workspace, plan = draft.Plan }, production.Intent($"plan/{hash}"), ct).ConfigureAwait(false);
            return new PlanAnswer(answer.Text("plan_id"), answer, []);
        }
        catch (ToolRefused refusal) when (refusal.Code is "invalid_plan" or "not_supported" or "invalid_argument")
        {
            var problems = (refusal.Facts ?? []).Objects("problems").Select(problem => problem.ToJsonString(Wire.Json)).ToList();
            return new PlanAnswer(null, [], problems.Count > 0 ? problems : [refusal.Message]);
        }
    }
}
