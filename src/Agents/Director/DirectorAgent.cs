using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Pipeline.Agents.Connecting;
using Pipeline.Agents.ModelClients;

namespace Pipeline.Agents.Director;

/// <summary>
/// Turns a brief into a plan, starts the run, watches it, decides about what went wrong, judges the result. Everything it must know
/// to go on after being killed is on the server.
/// </summary>
public sealed class DirectorAgent(Connection connection, DirectorOptions options, IProgress<DirectorEvent>? progress)
{
    private readonly ProductionBook _book = new(connection, options.Workspace);
    private Conversation _conversation = new();
    private ChatModel? _model;
    private int _turnsKept;

    public string Name => connection.Agent;

    /// <summary>From the brief, or from where it was left, to the verdict.</summary>
    public async Task<DirectorResult> InvokeAsync(CancellationToken ct)
    {
        var production = await BeginAsync(ct).ConfigureAwait(false);
        await ConverseAsync(production, ct).ConfigureAwait(false);
        if (production.PlanId is null) production = await PlanAsync(production, ct).ConfigureAwait(false);
        if (production.RunId is null) production = await StartAsync(production, ct).ConfigureAwait(false);
        var (run, decisions) = await FollowAsync(production.RunId!, ct).ConfigureAwait(false);
        var verdict = await JudgeAsync(production, run, decisions, ct).ConfigureAwait(false);
        production = production with { Verdict = verdict };
        await KeepConversationAsync(ct).ConfigureAwait(false);
        await _book.PutAsync($"{options.Workspace}/plans/{production.ProductionId}-verdict.json", Wire.Object(verdict), ct).ConfigureAwait(false);
        await _book.SaveAsync(production, ct).ConfigureAwait(false);
        Say("verdict", verdict.Accepted ? "accepted" : $"not accepted: {string.Join("; ", verdict.Reasons)}", Wire.Object(verdict));
        Say("end", $"{run.RunId} {run.State}", run.Document.DeepClone());
        return new DirectorResult(production.ProductionId, production.PlanId!, run.RunId, run.State, production.Planner ?? "rules", verdict, run.Document);
    }

    private async Task<Production> BeginAsync(CancellationToken ct)
    {
        await connection.ChangeAsync("create_workspace", new { workspace = options.Workspace }, Intent.New("workspace"), ct).ConfigureAwait(false);
        if ((options.Resume || options.RunId is not null) && await _book.FindAsync(options.RunId, ct).ConfigureAwait(false) is { } left)
        {
            Say("notice", left.RunId is null ? $"going on with {left.ProductionId}" : $"going on with {left.RunId}", null);
            return left;
        }

        if (options.RunId is not null) throw new ToolRefused("get_run", "not_found", $"No production of this workspace has the run '{options.RunId}'.");
        var production = Production.New(options);
        await _book.SaveAsync(production, ct).ConfigureAwait(false);
        return production;
    }

    private async Task<Production> PlanAsync(Production production, CancellationToken ct)
    {
        var writer = new PlanWriter(connection, options with { Model = _model }, production, (kind, text, data) => Say(kind, text, data));
        var (draft, answer) = await writer.WriteAsync(ct).ConfigureAwait(false);
        await _book.PutAsync($"{options.Workspace}/plans/shotlist.json", Wire.Object(draft.Shots), ct).ConfigureAwait(false);
        await KeepConversationAsync(ct).ConfigureAwait(false);
        Say("script", $"{draft.Shots.Shots.Count} shot(s), written by {draft.Planner}", Wire.Object(draft.Shots));
        Say("plan", $"{answer.PlanId} by {draft.Planner}", answer.Answer.DeepClone());
        production = production with { PlanId = answer.PlanId, Planner = draft.Planner };
        await _book.SaveAsync(production, ct).ConfigureAwait(false);
        return production;
    }

    private async Task<Production> StartAsync(Production production, CancellationToken ct)
    {
        var started = await connection.ChangeAsync(
            "start_run", new { plan_id = production.PlanId, budget_micros = production.BudgetMicros }, production.Intent("run"), ct).ConfigureAwait(false);
        production = production with { RunId = started.Text("run_id") };
        await _book.SaveAsync(production, ct).ConfigureAwait(false);
        Say("run", $"{production.RunId} started", started.DeepClone());
        return production;
    }

    private async Task<(RunView Run, List<string> Decisions)> FollowAsync(string runId, CancellationToken ct)
    {
        var watch = new RunWatch(connection, options.Workspace, runId);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task? judging = null;
        try
        {
            return await WatchAsync(watch, run => judging ??= run.Steps.Any(step => step.Capability == "compare") ? new TakeJudge(connection, options, _model).RunAsync(end.Token) : null, ct).ConfigureAwait(false);
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            if (judging is not null) await judging.ConfigureAwait(false);
        }
    }

    private async Task<(RunView Run, List<string> Decisions)> WatchAsync(RunWatch watch, Action<RunView> begin, CancellationToken ct)
    {
        var tried = new HashSet<string>(StringComparer.Ordinal);
        var decisions = new List<string>();
        RunView? before = null;
        while (true)
        {
            var run = await watch.LookAsync(ct).ConfigureAwait(false);
            begin(run);
            foreach (var step in run.ChangedSince(before)) Tell(step);
            before = run;
            await KeepConversationAsync(ct).ConfigureAwait(false);
            var remedies = run.State == "cancelled" ? [] : Remedies.For(run, tried);
            foreach (var remedy in remedies)
            {
                tried.Add(remedy.StepId);
                await DecideAsync(run.RunId, remedy, decisions, ct).ConfigureAwait(false);
            }

            if (remedies.Count > 0) continue;
            if (run.IsOver) return (run, decisions);
            await watch.WaitAsync(ct).ConfigureAwait(false);
        }
    }

    private async Task DecideAsync(string runId, Remedy remedy, List<string> decisions, CancellationToken ct)
    {
        try
        {
            await connection.ChangeAsync("control_run", new { run_id = runId, action = "skip_step", step_id = remedy.StepId }, $"{runId}/skip/{remedy.StepId}", ct).ConfigureAwait(false);
            decisions.Add(remedy.Why);
            Say("decision", remedy.Why, null);
        }
        catch (ToolRefused refusal) when (refusal.Code is "invalid_state")
        {
            // It moved meanwhile: there is nothing to decide any more.
            Say("notice", refusal.Message, null);
        }
    }

    private async Task<Verdict> JudgeAsync(Production production, RunView run, List<string> decisions, CancellationToken ct)
    {
        var verdict = Verdict.Of(run, decisions);
        if (_model is not { } model || verdict.Asset is null) return verdict;
        try
        {
            var looked = await connection.RawAsync("contact_sheet", Wire.Object(new { asset = verdict.Asset }), ct).ConfigureAwait(false);
            return await ModelJudge.LookAsync(verdict, production.Brief, looked.Content.OfType<ImageContentBlock>().FirstOrDefault(), model, ct).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or ServerUnreachable))
        {
            Say("notice", $"{model.Name} could not look at the result ({failure.Message}); the verdict is by what was measured.", null);
            return verdict;
        }
    }

    private void Tell(StepView step)
    {
        Say("step", $"{step.StepId} {step.State}{(step.Reason is null ? "" : $" ({step.Reason})")}", step.Document.DeepClone());
        if (step is { Capability: "compare", State: "succeeded" or "waiting" } && step.Outputs["verdict"] is JsonObject verdict)
            Say("compared", $"{step.StepId}: {verdict.Text("winner")}{(verdict.Flag("accepted") is false ? " will not do, another pass" : "")}; {string.Join("; ", verdict.Texts("reasons"))}", verdict.DeepClone());
        if (step is { State: "waiting", Reason: "approval" }) Say("notice", $"{step.StepId} waits for a person: approve_step with {step.Outputs.Text("asset")}", null);
    }

    // What was said to the model before a restart belongs to the same conversation, and to its bound.
    private async Task ConverseAsync(Production production, CancellationToken ct)
    {
        if (options.Model is not { } model) return;
        var said = production.PlanId is null ? null : await _book.ReadAsync(ConversationAsset, ct).ConfigureAwait(false);
        _conversation = new Conversation(said);
        _turnsKept = _conversation.Turns;
        _model = model with { Client = new RecordingChatClient(model.Client, _conversation, options.MaxModelTokens) };
    }

    private async Task KeepConversationAsync(CancellationToken ct)
    {
        if (_model is null || _conversation.Turns == _turnsKept) return;
        var turns = _conversation.Turns;
        await _book.PutAsync(ConversationAsset, _conversation.Document(_model.Name), ct).ConfigureAwait(false);
        _turnsKept = turns;
    }

    private string ConversationAsset => $"{options.Workspace}/plans/conversation.json";

    private void Say(string kind, string text, JsonNode? data) => progress?.Report(new DirectorEvent(kind, text, data));
}
