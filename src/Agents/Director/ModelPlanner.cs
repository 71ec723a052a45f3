using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Pipeline.Agents.Connecting;
using Pipeline.Agents.ModelClients;

namespace Pipeline.Agents.Director;

/// <summary>
/// Has a model write the shot list and the plan, as one JSON object; what is wrong with it goes back to the model, for a bounded
/// number of rounds.
/// </summary>
/// <param name="agent">The model with its instructions and its looking tools.</param>
/// <param name="model">Its name, for the record.</param>
/// <param name="prove">Asks the server whether a plan is sound.</param>
/// <param name="writes">Makes the plan of a generated film from its script, which is then all that the model writes; null to have it write the plan too.</param>
public sealed class ModelPlanner(ChatAgent agent, string model, Func<DraftPlan, CancellationToken, Task<PlanAnswer>> prove, Func<ShotList, CancellationToken, Task<JsonObject>>? writes = null)
{
    private static readonly ChatOptions Json = new() { ResponseFormat = ChatResponseFormat.Json };

    /// <summary>A plan that the server took, or null with the reasons when there was none after <paramref name="rounds"/>.</summary>
    public async Task<(DraftPlan? Draft, PlanAnswer? Answer, IReadOnlyList<string> Problems)> WriteAsync(PlanRequest request, int rounds, CancellationToken ct)
    {
        List<ChatMessage> conversation = [new(ChatRole.User, Ask(request))];
        IReadOnlyList<string> problems = ["nothing was asked"];
        for (var round = 1; round <= rounds; round++)
        {
            var said = await agent.AskAsync(conversation, Json, ct).ConfigureAwait(false);
            var (draft, wrong) = writes is null ? Read(said, request) : await FilmAsync(said, request, writes, ct).ConfigureAwait(false);
            problems = wrong;
            if (draft is not null)
            {
                // A plan of our own keeps its bounds.
                problems = writes is null ? PlanBounds.Check(draft.Plan, request) : [];
                if (problems.Count == 0)
                {
                    var answer = await prove(draft, ct).ConfigureAwait(false);
                    if (answer.PlanId is not null) return (draft, answer, []);
                    problems = answer.Problems;
                }
            }

            conversation.Add(new ChatMessage(ChatRole.Assistant, said));
            conversation.Add(new ChatMessage(ChatRole.User, "This cannot run:\n" + string.Join('\n', problems.Select(problem => "- " + problem)) + "\nAnswer with the whole corrected object."));
        }

        return (null, null, problems);
    }

    private string Ask(PlanRequest request) => writes is not null ? AskForScript(request) : $"""
        The brief is the wish of whoever ordered the film:
        {Quoted.Data("brief", request.Brief)}

        The request:
        {JsonSerializer.Serialize(new
    {
        request.Workspace,
        request.Source,
        request.Transcript,
        segment_outputs = request.Segment(""),
        final_cut = request.Delivery,
        request.ContactSheet,
        request.ExportPath,
        request.NotifyEvent,
        request.Standards,
    }, Wire.Json)}

        The guide to plans:
        {DirectorWords.Guide}
        """;

    private static string AskForScript(PlanRequest request) => $"""
        The brief is the wish of whoever ordered the film:
        {Quoted.Data("brief", request.Brief)}

        The request:
        {JsonSerializer.Serialize(new { request.Workspace, request.Size, request.Standards }, Wire.Json)}
        """;

    private (DraftPlan? Draft, IReadOnlyList<string> Problems) Read(string said, PlanRequest request)
    {
        if (Answer(said, out var problems) is not { } answer) return (null, problems);
        if (answer["plan"] is not JsonObject plan) return (null, ["The answer is not one JSON object with 'shots' and 'plan'."]);
        var shots = answer.Objects("shots").Select((shot, i) => new Shot(
            i + 1, shot.Text("description") ?? "", shot.Text("query") ?? "", shot.Text("camera") ?? "as filmed", shot.Text("lighting") ?? "as filmed", shot.Number("seconds"))).ToList();
        return (new DraftPlan(new ShotList(request.Brief, model, shots.Sum(shot => shot.Seconds), shots), (JsonObject)plan.DeepClone(), model), []);
    }

    private async Task<(DraftPlan? Draft, IReadOnlyList<string> Problems)> FilmAsync(string said, PlanRequest request, Func<ShotList, CancellationToken, Task<JsonObject>> plan, CancellationToken ct)
    {
        if (Answer(said, out var problems) is not { } answer || ScriptReader.Read(answer, request.Brief, model, out problems) is not { } script) return (null, problems);
        return (new DraftPlan(script, await plan(script, ct).ConfigureAwait(false), model), []);
    }

    /// <summary>The object in an answer; what stands around it (a fence, a sentence) is passed over.</summary>
    private JsonObject? Answer(string said, out IReadOnlyList<string> problems)
    {
        var (from, to) = (said.IndexOf('{', StringComparison.Ordinal), said.LastIndexOf('}'));
        try
        {
            problems = [writes is null ? "The answer is not one JSON object with 'shots' and 'plan'." : "The answer is not one JSON object with 'subjects' and 'shots'."];
            return from >= 0 && to > from ? JsonNode.Parse(said[from..(to + 1)]) as JsonObject : null;
        }
        catch (JsonException wrong)
        {
            problems = [$"The answer is not JSON: {wrong.Message}"];
            return null;
        }
    }
}
